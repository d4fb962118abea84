/** The one door out and the one door in. */
export {
  type AfterRestore,
  ExchangeLedger,
  ScopeKeys,
  Signer,
  Transport,
  type Enqueued,
  type KeyUse,
  type OutboxItem,
  type ParkedMessage,
  type ScopeKeyDescription,
  type WaitingLane,
} from './ports.js';
export { receivedEvents, receivedStream, type ReceivedEvent } from './received-events.js';
export { received } from './received.js';
export { receivedRefusals, type ReceivedCommand, type ReceivedRefusal } from './received-commands.js';
export { openCategories, registeredConsents, type ReceivedState, type RegisterEntry } from './received-state.js';
export {
  introductions,
  receivedFacts,
  registeredConsentEnds,
  takenIntoDecisions,
  type IntroductionRow,
  type ReceivedFactRow,
  type RegisteredConsentRow,
  type TakenRow,
} from './received-views.js';
export { asOf, canonicalText } from './composition.js';
export { Partners, type Partner } from './partners.js';
export { clientNameEvents, clientNameStream, clientOf } from './client-names.js';
export { outgoing, type Outgoing, type OutgoingContext, type OutgoingFrom } from './outgoing.js';
export { throughTheDoor, type DoorPorts, type DoorRules } from './door.js';
export { tellWhatMayBeTold } from './tell.js';
export {
  createLanes,
  defaultLaneSettings,
  type EnqueuedLanes,
  type LaneListener,
  type LanePorts,
  type LaneSettings,
  type Lanes,
} from './lanes.js';
export {
  createInbox,
  type Handled,
  type Inbox,
  type InboxListener,
  type InboxPorts,
  type InboxRefusal,
  type InboxRules,
  type Incoming,
} from './inbox.js';
