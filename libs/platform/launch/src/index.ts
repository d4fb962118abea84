/** Starting an organisation on real parts. */
export { LinesLog, MachineClock, MachineIds, MachineRandom, MachineScheduler } from './machine.js';
export { PinnedPartners, type PinnedPartner } from './pinned-partners.js';
export {
  anchorFile,
  keysFolder,
  launchOrganisation,
  openKeys,
  pinnedFile,
  type LaunchedOrganisation,
  type OrganisationSettings,
} from './launch-organisation.js';
export { knownOf, type ObservedService } from './observed.js';
export { launchFromEnvironment } from './launch-from-environment.js';
export { deployedSettings, type DeployedSettings } from './settings.js';
