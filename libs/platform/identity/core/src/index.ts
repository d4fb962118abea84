/** Who is asking (sessions and tokens), and who works with which client (working relations). */
export {
  audienceOf,
  bearerOf,
  notSignedIn,
  tokenRefusalCodes,
  tokenRefusals,
  TokenVerifier,
  type Session,
  type TokenRefusal,
  type TokenRefusalCode,
} from './session.js';
export {
  CaseloadHandedOver,
  DelegateAppointed,
  DelegateEnded,
  RelationBegan,
  RelationConfirmed,
  RelationEnded,
  StandInAppointed,
  StandInEnded,
  TeamMemberJoined,
  TeamMemberLeft,
  relationEvents,
  relationsStream,
  staffEvents,
  staffStream,
  teamEvents,
  teamName,
  teamStream,
  type Holder,
  type RelationEvent,
  type StaffEvent,
  type TeamEvent,
} from './relation-events.js';
export {
  clientRelationRefusals,
  clientRelations,
  type ClientRelationRefusal,
  type ClientRelations,
  type ClientRelationsCommand,
} from './client-relations.js';
export {
  delegatesOf,
  isLead,
  leadRoles,
  mayArrange,
  staff,
  staffRefusals,
  standInDays,
  type StaffArrangements,
  type StaffCommand,
  type StaffRefusal,
} from './staff.js';
export { team, teamRefusals, type TeamCommand, type TeamMembers, type TeamRefusal } from './team.js';
export {
  handOverToConfirm,
  heldRelations,
  resolveRelation,
  type HeldRelation,
  type RelationFacts,
  type RelationKind,
  type RelationQuestion,
  type WorkingRelation,
} from './resolve-relation.js';
export { gatherRelationFacts, streamsToLookUp, type StreamsToLookUp } from './gather-relation-facts.js';
export { describeRelation } from './describe-relation.js';
export { candidatesOf, whoWorksWithWhom, type WorksWithRow } from './who-works-with-whom.js';
