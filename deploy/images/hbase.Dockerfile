# Apache publishes no image of HBase. This one is a single process (ZooKeeper, master, region server) on plain files,
# with the libraries that deploy/engines/hbase/pom.xml pins: for trials, not for data that must survive the machine. The
# build context is the root of the repository.
FROM maven:3-eclipse-temurin-17 AS libraries
COPY deploy/engines/hbase/pom.xml /build/
RUN mvn --batch-mode --quiet --file /build/pom.xml dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory=/libraries

FROM eclipse-temurin:17-jre
COPY --from=libraries /libraries /hbase/libraries
COPY deploy/images/hbase-site.xml deploy/images/hbase-log4j.properties /hbase/settings/
RUN mv /hbase/settings/hbase-log4j.properties /hbase/settings/log4j.properties \
    && mkdir /data && chown 10001:10001 /data
VOLUME /data
USER 10001:10001
EXPOSE 2181 16000 16020
STOPSIGNAL SIGTERM
# ZooKeeper answers before the master is ready; dependent services wait for a table instead.
HEALTHCHECK --start-period=60s --interval=10s --timeout=3s CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/2181 4<>/dev/tcp/127.0.0.1/16020"]
CMD ["java", "-Xmx1g", "-Djava.net.preferIPv4Stack=true", "-Djava.io.tmpdir=/data", \
    "--add-opens=java.base/java.lang=ALL-UNNAMED", "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED", \
    "--add-opens=java.base/java.nio=ALL-UNNAMED", "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED", \
    "--add-opens=java.base/java.io=ALL-UNNAMED", "--add-opens=java.base/java.util=ALL-UNNAMED", \
    "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED", "--add-opens=java.base/java.net=ALL-UNNAMED", \
    "--add-opens=java.base/jdk.internal.ref=ALL-UNNAMED", \
    "-classpath", "/hbase/settings:/hbase/libraries/*", "org.apache.hadoop.hbase.master.HMaster", "start"]
