package io.moorage.client.call;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SessionTest {
    @Test
    void oldestOutstandingRequestIsNeverAcknowledged() {
        Session session = new Session();
        Session.Request first = session.begin();
        Session.Request second = session.begin();
        second.close();
        Session.Request third = session.begin();
        assertThat(third.nextAttempt().getSequence()).isEqualTo(3);
        assertThat(third.nextAttempt().getAcknowledgedBelow()).isEqualTo(1);
        first.close();
        assertThat(third.nextAttempt().getAcknowledgedBelow()).isEqualTo(3);
    }

    @Test
    void onlyAttemptsThatMayHaveBeenAppliedAreCounted() {
        Session.Request request = new Session().begin();
        request.nextAttempt();
        assertThat(request.nextAttempt().getAttempt()).isZero();
        request.uncertain();
        assertThat(request.nextAttempt().getAttempt()).isEqualTo(1);
    }
}
