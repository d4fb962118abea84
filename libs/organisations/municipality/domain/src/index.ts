/** What @convenant/municipality-domain offers to other projects: its own clients and who supports them. */
export { compositions, municipalityCatalogues, municipalityViews } from './catalogue.js';
export {
  ClientTakenOn,
  SupportEnded,
  supportEvents,
  supportRefusals,
  supportStream,
  supportTask,
  type Support,
  type SupportCommand,
  type SupportEvent,
  type SupportRefusal,
} from './support-task.js';
export { supportList, type SupportListRow } from './support-list.js';
