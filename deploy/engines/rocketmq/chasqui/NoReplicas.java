package chasqui;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.rocketmq.remoting.protocol.body.HARuntimeInfo;
import org.apache.rocketmq.store.CommitLog.GroupCommitRequest;
import org.apache.rocketmq.store.DefaultMessageStore;
import org.apache.rocketmq.store.PutMessageStatus;
import org.apache.rocketmq.store.ha.HAClient;
import org.apache.rocketmq.store.ha.HAConnection;
import org.apache.rocketmq.store.ha.HAConnectionStateNotificationRequest;
import org.apache.rocketmq.store.ha.HAService;
import org.apache.rocketmq.store.ha.WaitNotifyObject;

/** The replication of a broker that has no replicas: it opens no port. The stock one listens on every address. */
public final class NoReplicas implements HAService {
    private final WaitNotifyObject nobodyWaits = new WaitNotifyObject();

    @Override
    public void init(DefaultMessageStore store) {
    }

    @Override
    public void start() {
    }

    @Override
    public void shutdown() {
    }

    @Override
    public void updateMasterAddress(String address) {
    }

    @Override
    public void updateHaMasterAddress(String address) {
    }

    /** The broker itself. */
    @Override
    public int inSyncReplicasNums(long masterPutWhere) {
        return 1;
    }

    @Override
    public AtomicInteger getConnectionCount() {
        return new AtomicInteger();
    }

    @Override
    public void putRequest(GroupCommitRequest request) {
        request.wakeupCustomer(PutMessageStatus.PUT_OK);
    }

    @Override
    public void putGroupConnectionStateRequest(HAConnectionStateNotificationRequest request) {
    }

    @Override
    public List<HAConnection> getConnectionList() {
        return List.of();
    }

    @Override
    public HAClient getHAClient() {
        return null;
    }

    @Override
    public AtomicLong getPush2SlaveMaxOffset() {
        return new AtomicLong();
    }

    @Override
    public HARuntimeInfo getRuntimeInfo(long masterPutWhere) {
        return new HARuntimeInfo();
    }

    @Override
    public WaitNotifyObject getWaitNotifyObject() {
        return nobodyWaits;
    }

    @Override
    public boolean isSlaveOK(long masterPutWhere) {
        return false;
    }
}
