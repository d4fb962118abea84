/** What @convenant/exchange-kafka offers to other projects. */
export { KafkaTransport, type KafkaTransportOptions } from './kafka-transport.js';
export { connectTo, withoutDriverWarnings, type KafkaConnection, type KafkaSasl } from './connection.js';
export { contentType, defaultTopicPrefix, groupOf, laneKey, topicsOf } from './message-form.js';
export { explain, troubleOf, type KafkaNote, type Trouble, type TroubleCode } from './trouble.js';
export { applyTopology } from './apply-topology.js';
export {
  compareTopology,
  expandTopology,
  topologySchema,
  type Change,
  type Expected,
  type Found,
  type Topology,
} from './topology.js';
export {
  committedOf,
  kafkaWorld,
  keptIn,
  expireTopicsOf,
  placesIn,
  removeTopicsOf,
  type KafkaWorld,
} from './for-tests/kafka-world.js';
