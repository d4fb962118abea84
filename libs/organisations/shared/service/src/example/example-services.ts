/** An agency, a benefits office and a town of nothing but the shared slices, for the specs beside them. */
import {
  functionalPossibilitiesV1,
  fundingMilestoneV1,
  jobFactsV1,
  physicianStatementV1,
  progressSummaryV1,
  trajectoryStatusV1,
  vocationalProfileV1,
} from '@convenant/contracts';
import { exampleService } from './example-service.js';

export const agency = exampleService(
  {
    kind: 'mental-health',
    staff: ['caseManager', 'clinician', 'employmentSpecialist', 'ipsProjectLeader'],
    registerBy: ['caseManager'],
    proposeBy: ['caseManager', 'employmentSpecialist'],
    leads: ['ipsProjectLeader'],
    askBy: ['caseManager'],
  },
  [
    trajectoryStatusV1,
    vocationalProfileV1,
    functionalPossibilitiesV1,
    jobFactsV1,
    progressSummaryV1,
    fundingMilestoneV1,
  ],
);
export const benefitsOffice = exampleService(
  {
    kind: 'uwv',
    staff: ['insurancePhysician', 'physicianDelegate', 'labourExpert', 'benefitsAdviser'],
    registerBy: ['labourExpert'],
    proposeBy: ['labourExpert', 'insurancePhysician'],
    leads: ['insurancePhysician'],
    askBy: ['labourExpert'],
  },
  [physicianStatementV1],
);
export const town = exampleService(
  {
    kind: 'municipality',
    staff: ['clientManager', 'medicalAdviser'],
    registerBy: ['clientManager'],
    proposeBy: ['clientManager'],
    leads: [],
    askBy: ['clientManager'],
  },
  [],
);
