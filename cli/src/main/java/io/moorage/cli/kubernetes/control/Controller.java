package io.moorage.cli.kubernetes.control;

/** Brings what is nearer to what should be. */
interface Controller {
    /** Quick; called again after every change, and twice a second. */
    void reconcile();
}
