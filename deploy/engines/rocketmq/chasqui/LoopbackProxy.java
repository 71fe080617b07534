package chasqui;

import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.net.InetSocketAddress;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.rocketmq.broker.BrokerController;
import org.apache.rocketmq.proxy.ProxyStartup;
import org.apache.rocketmq.proxy.config.ConfigurationManager;
import org.apache.rocketmq.proxy.config.ProxyConfig;
import org.apache.rocketmq.proxy.grpc.GrpcServer;
import org.apache.rocketmq.proxy.grpc.GrpcServerBuilder;
import org.apache.rocketmq.proxy.grpc.ProxyAndTlsProtocolNegotiator;
import org.apache.rocketmq.proxy.grpc.v2.GrpcMessagingApplication;
import org.apache.rocketmq.proxy.metrics.ProxyMetricsManager;
import org.apache.rocketmq.proxy.processor.DefaultMessagingProcessor;
import org.apache.rocketmq.proxy.processor.MessagingProcessor;
import org.apache.rocketmq.proxy.service.cert.TlsCertificateManager;

/**
 * A broker with its proxy in one process, reachable on 127.0.0.1 alone. The stock launcher listens on every address,
 * and on a second port for the older protocol.
 */
public final class LoopbackProxy extends ProxyStartup {
    private static final String HOST = "127.0.0.1";

    private LoopbackProxy() {
    }

    /** What the stock builder makes, but for the address. */
    private static final class LoopbackServerBuilder extends GrpcServerBuilder {
        LoopbackServerBuilder(ThreadPoolExecutor executor, ProxyConfig config, TlsCertificateManager certificates) {
            super(executor, config.getGrpcServerPort(), certificates);
            serverBuilder = NettyServerBuilder.forAddress(new InetSocketAddress(HOST, config.getGrpcServerPort()))
                .protocolNegotiator(new ProxyAndTlsProtocolNegotiator())
                .executor(executor)
                .maxConcurrentCallsPerConnection(config.getGrpcMaxConcurrentCallsPerConnection())
                .maxInboundMessageSize(config.getGrpcMaxInboundMessageSize())
                .maxConnectionIdle(config.getGrpcClientIdleTimeMills(), TimeUnit.MILLISECONDS);
        }
    }

    public static void main(String[] args) {
        try {
            run(args);
        } catch (Throwable failure) {
            failure.printStackTrace();
            System.exit(1);
        }
    }

    private static void run(String[] args) throws Exception {
        initConfiguration(parseCommandLineArgument(args));
        initThreadPoolMonitor();
        ProxyConfig config = ConfigurationManager.getProxyConfig();
        BrokerController broker = createBrokerController();
        ProxyMetricsManager.initLocalMode(broker.getBrokerMetricsManager(), config);
        MessagingProcessor processor = DefaultMessagingProcessor.createForLocalMode(broker);
        GrpcMessagingApplication application = GrpcMessagingApplication.create(processor);
        TlsCertificateManager certificates = new TlsCertificateManager();
        GrpcServer server = new LoopbackServerBuilder(createServerExecutor(), config, certificates)
            .addService(application)
            .configInterceptor()
            .shutdownTime(1, TimeUnit.SECONDS)
            .build();

        broker.start();
        processor.start();
        application.start();
        certificates.start();
        server.start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            server.shutdown();
            quietly(application::shutdown);
            quietly(processor::preShutdown);
            quietly(processor::shutdown);
            quietly(certificates::shutdown);
            broker.shutdown();
        }));
        System.out.println("broker and proxy listen on " + HOST + ":" + config.getGrpcServerPort());
    }

    private interface Step {
        void run() throws Exception;
    }

    /** The broker must be shut down whatever fails before it: that is what writes its positions. */
    private static void quietly(Step step) {
        try {
            step.run();
        } catch (Exception failure) {
            failure.printStackTrace();
        }
    }
}
