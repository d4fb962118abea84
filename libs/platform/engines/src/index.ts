/** Real engines on this machine without containers: an Apache Kafka and a PostgreSQL, for development, for tests and for CI. */
export { kafkaFolder, kafkaVersion, prepareKafka } from './kafka-jars.js';
export { startKafka, type KafkaOptions, type RunningKafka } from './start-kafka.js';
export { startPostgres, type PostgresOptions, type RunningPostgres } from './start-postgres.js';
export { reportEngine, type EngineReport } from './report.js';
export type { SmallDiskKind } from './small-disk.js';
