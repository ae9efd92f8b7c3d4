package io.moorage.client.control;

import io.moorage.client.GroupId;
import io.moorage.client.MoorageException;
import io.moorage.client.admin.ClusterAdmin;
import io.moorage.client.admin.NodeView;
import io.moorage.client.membership.GroupRecovery;
import io.moorage.client.membership.ManualChanges;
import io.moorage.client.membership.MembershipExecutor;
import io.moorage.client.membership.MembershipStep;
import io.moorage.protocol.v1.ErrorCode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Groups and their members by hand, for emergencies. Thread-safe. What takes long goes on in the background; each step is
 * compared with what is there, so that two who change the same group at once do not undo each other.
 */
public final class GroupControl implements AutoCloseable {
    private static final Duration DESCRIBE_TIMEOUT = Duration.ofSeconds(3);
    private static final int THREADS = 4;

    private final ClusterAdmin admin;
    private final Supplier<Optional<String>> keeper;
    private final ThreadPoolExecutor executor =
            new ThreadPoolExecutor(THREADS, THREADS, 30, TimeUnit.SECONDS, new ArrayBlockingQueue<>(16), task -> {
                Thread thread = new Thread(task, "members");
                thread.setDaemon(true);
                return thread;
            });

    /** @param keeper why members that are changed by hand would be changed back, and what to do about it; empty: they stay */
    public GroupControl(ClusterAdmin admin, Supplier<Optional<String>> keeper) {
        this.admin = admin;
        this.keeper = keeper;
        executor.allowCoreThreadTimeOut(true);
    }

    /** What the nodes say just now. */
    public List<NodeView> nodes() {
        return admin.describe(DESCRIBE_TIMEOUT);
    }

    /** @return whether it was done within the wait; otherwise it goes on. @see ManualChanges#add */
    public boolean add(GroupId group, String node, boolean force, Duration wait) {
        requireUnkept(force);
        return run(group, changes -> changes.add(node, force), wait);
    }

    /** @return whether it was done within the wait; otherwise it goes on. @see ManualChanges#remove */
    public boolean remove(GroupId group, String node, boolean force, Duration wait) {
        requireUnkept(force);
        return run(group, changes -> changes.remove(node), wait);
    }

    /** @return whether it was done within the wait; otherwise it goes on. @see ManualChanges#transfer */
    public boolean transfer(GroupId group, String node, Duration wait) {
        return run(group, changes -> changes.transfer(node), wait);
    }

    /** What recovering a group would mean. @see GroupRecovery#plan */
    public GroupRecovery recovery(GroupId group, Set<String> lost) {
        return GroupRecovery.plan(nodes(), group, lost);
    }

    /** @return what the group is called from now on */
    public GroupId recover(GroupRecovery plan) {
        return admin.recoverGroup(plan.survivorAddress(), plan.group(), plan.excluded());
    }

    private void requireUnkept(boolean force) {
        Optional<String> why = keeper.get();
        if (why.isPresent() && !force) {
            throw new MoorageException(ErrorCode.ERROR_CODE_UNSAFE, why.get());
        }
    }

    private boolean run(GroupId group, Function<ManualChanges, List<MembershipStep>> change, Duration wait) {
        List<MembershipStep> steps = change.apply(new ManualChanges(nodes(), group));
        MembershipExecutor steward = new MembershipExecutor(admin);
        try {
            Future<?> done = executor.submit(() -> steps.forEach(steward::execute));
            done.get(wait.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (RejectedExecutionException e) {
            throw new MoorageException(
                    ErrorCode.ERROR_CODE_SLOW_DOWN, "too many changes of members are under way; wait for one to end");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof MoorageException known) {
                throw known;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
