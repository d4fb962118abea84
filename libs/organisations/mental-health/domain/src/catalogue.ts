/** Everything that this agency stores and shows, for its service to register at once. */
import type { EventCatalogue } from '@convenant/kernel';
import { sharedCatalogues, sharedViews } from '@convenant/shared-domain';
import { caseload } from './caseload.js';
import {
  clientContacts,
  clientEmployerContacts,
  clientFunding,
  clientJobs,
  clientPossibilities,
  clientProfile,
  clientSummaries,
} from './client-file.js';
import { contactEvents, employerContactEvents } from './contacts.js';
import { fundingEvents } from './funding.js';
import { jobEvents } from './job.js';
import { medicalQuestionEvents } from './medical-question.js';
import { myTrajectory } from './my-trajectory.js';
import { progressEvents } from './progress.js';
import { answersToRead, questionsToAnswer } from './questions-to-answer.js';
import { referralBoard } from './referral-board.js';
import { referralEvents } from './referral.js';
import { reportingDuties } from './reporting-duties.js';
import { trajectoryEvents } from './trajectory.js';
import { profileEvents } from './vocational-profile.js';

export const mentalHealthCatalogues: readonly EventCatalogue<{ type: string }>[] = [
  ...sharedCatalogues,
  referralEvents,
  trajectoryEvents,
  profileEvents,
  contactEvents,
  employerContactEvents,
  jobEvents,
  progressEvents,
  fundingEvents,
  medicalQuestionEvents,
];
export const mentalHealthViews = [
  ...sharedViews,
  referralBoard,
  caseload,
  myTrajectory,
  clientProfile,
  clientContacts,
  clientEmployerContacts,
  clientJobs,
  clientSummaries,
  clientPossibilities,
  clientFunding,
  questionsToAnswer,
  answersToRead,
  reportingDuties,
] as const;
