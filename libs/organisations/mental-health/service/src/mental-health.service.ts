/** THE MAP of a mental health agency: what it decides, shows, is asked, sends and receives. */
import { readFileSync } from 'node:fs';
import { disclosureEvents } from '@convenant/consent';
import { asView, type ServiceDefinition } from '@convenant/host';
import { joinCatalogues } from '@convenant/kernel';
import {
  answersToRead,
  caseload,
  clientContacts,
  clientEmployerContacts,
  clientFunding,
  clientJobs,
  clientPossibilities,
  clientProfile,
  clientSummaries,
  compositions,
  contactEvents,
  employerContactEvents,
  fundingEvents,
  jobEvents,
  medicalQuestionEvents,
  myTrajectory,
  profileEvents,
  progressEvents,
  questionsToAnswer,
  referralBoard,
  referralEvents,
  reportingDuties,
  trajectoryEvents,
} from '@convenant/mental-health-domain';
import { sharedSchema, sharedSlices } from '@convenant/shared-service';
import { clientFile, myCaseload, myFile, supervisedFile } from './client-file.js';
import * as guidance from './guidance.js';
import * as medical from './medical-question.js';
import { acceptReferral, declineReferral, openReferrals, referClient, withdrawReferral } from './referral.js';
import { reportingReminders } from './reporting-reminders.js';
import { endTrajectory, holdIntake, pauseTrajectory, reenterTrajectory, resumeTrajectory } from './trajectory.js';

const shared = sharedSlices({
  kind: 'mental-health',
  registerBy: ['caseManager', 'clinician'],
  staff: ['caseManager', 'clinician', 'employmentSpecialist'],
  proposeBy: ['caseManager', 'clinician', 'employmentSpecialist'],
  leads: ['ipsProjectLeader'],
  askBy: ['caseManager', 'employmentSpecialist'],
});
const caseloadEvents = joinCatalogues(referralEvents, trajectoryEvents);
const dutyEvents = joinCatalogues(jobEvents, disclosureEvents);

export const mentalHealthService: ServiceDefinition = {
  kind: 'mental-health',
  schema: [...sharedSchema, readFileSync(new URL('./mental-health.graphql', import.meta.url), 'utf8')],
  catalogues: [
    ...shared.catalogues,
    referralEvents,
    trajectoryEvents,
    profileEvents,
    contactEvents,
    employerContactEvents,
    jobEvents,
    progressEvents,
    fundingEvents,
    medicalQuestionEvents,
  ],
  views: [
    ...shared.views,
    asView(referralEvents, referralBoard),
    asView(caseloadEvents, caseload),
    asView(trajectoryEvents, myTrajectory),
    asView(profileEvents, clientProfile),
    asView(contactEvents, clientContacts),
    asView(employerContactEvents, clientEmployerContacts),
    asView(jobEvents, clientJobs),
    asView(progressEvents, clientSummaries),
    asView(progressEvents, clientPossibilities),
    asView(fundingEvents, clientFunding),
    asView(medicalQuestionEvents, questionsToAnswer),
    asView(medicalQuestionEvents, answersToRead),
    asView(dutyEvents, reportingDuties),
  ],
  commands: [
    ...shared.commands,
    referClient,
    acceptReferral,
    declineReferral,
    withdrawReferral,
    holdIntake,
    pauseTrajectory,
    resumeTrajectory,
    endTrajectory,
    reenterTrajectory,
    guidance.writeProfile,
    guidance.recordContact,
    guidance.recordEmployerContact,
    guidance.startJob,
    guidance.changeJob,
    guidance.endJob,
    guidance.summariseProgress,
    guidance.notePossibility,
    guidance.dropPossibility,
    guidance.arrangeFunding,
    guidance.reachMilestone,
    medical.draftAnswer,
    medical.offerAnswerToClient,
    medical.readAnswer,
    medical.releaseAnswer,
    medical.declineQuestion,
  ],
  queries: [
    ...shared.queries,
    openReferrals,
    myCaseload,
    clientFile,
    supervisedFile,
    myFile,
    medical.medicalQuestionsToAnswer,
    medical.answersForMe,
    medical.medicalQuestionsAboutMe,
    reportingReminders,
  ],
  compositions: [...compositions],
  sends: shared.sends,
  receives: { 'medical-question.v1': medical.receiveMedicalQuestion },
  reactions: shared.reactions,
  deadlines: shared.deadlines,
  findClients: shared.findClients,
};
