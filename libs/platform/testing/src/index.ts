/** What tests need around them: a world of several organisations on memory, or a fresh database on a real server that goes with the run. */
export { testDatabase } from '@convenant/event-store-postgres';
export type { TestDatabase } from '@convenant/event-store-postgres';
export { HeldWire, typeOfMessage } from './held-wire.js';
export {
  testWorld,
  worldIds,
  worldRandom,
  type OrganisationInWorld,
  type PersonInWorld,
  type World,
  type WorldOptions,
} from './world.js';
