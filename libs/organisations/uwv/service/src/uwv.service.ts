/** THE MAP of UWV: what it decides, shows, is asked, sends and receives. */
import { readFileSync } from 'node:fs';
import { asView, type ServiceDefinition } from '@convenant/host';
import { joinCatalogues } from '@convenant/kernel';
import { sharedSchema, sharedSlices } from '@convenant/shared-service';
import {
  askedQuestions,
  benefitEvents,
  benefits,
  clientViews,
  compositions,
  conclusionDrafts,
  conclusionEvents,
  medicalQuestionEvents,
  statementBasis,
  statements,
  workList,
} from '@convenant/uwv-domain';
import { benefitsOf, endBenefit, recordBenefit } from './benefit.js';
import {
  addMyView,
  conclusionDraft,
  draftConclusion,
  myStatements,
  readStatements,
  shareConclusion,
  statementSources,
} from './conclusion.js';
import {
  askMedicalQuestion,
  closeUnanswered,
  medicalQuestions,
  noteAnswer,
  sendMedicalQuestion,
} from './medical-question.js';
import { progress } from './progress.js';
import { myClients, myWorkList } from './work-list.js';

const shared = sharedSlices({
  kind: 'uwv',
  registerBy: ['benefitsAdviser', 'labourExpert', 'insurancePhysician'],
  staff: ['insurancePhysician', 'physicianDelegate', 'labourExpert', 'benefitsAdviser', 'objectionOfficer'],
  proposeBy: ['insurancePhysician', 'labourExpert', 'benefitsAdviser'],
  leads: ['insurancePhysician'],
  askBy: ['insurancePhysician', 'labourExpert', 'benefitsAdviser'],
});

export const uwvService: ServiceDefinition = {
  kind: 'uwv',
  schema: [...sharedSchema, readFileSync(new URL('./uwv.graphql', import.meta.url), 'utf8')],
  catalogues: [...shared.catalogues, conclusionEvents, medicalQuestionEvents, benefitEvents],
  views: [
    ...shared.views,
    asView(joinCatalogues(medicalQuestionEvents, conclusionEvents), workList),
    asView(medicalQuestionEvents, askedQuestions),
    asView(conclusionEvents, statements),
    asView(conclusionEvents, conclusionDrafts),
    asView(conclusionEvents, statementBasis),
    asView(conclusionEvents, clientViews),
    asView(benefitEvents, benefits),
  ],
  commands: [
    ...shared.commands,
    askMedicalQuestion,
    draftConclusion,
    shareConclusion,
    addMyView,
    recordBenefit,
    endBenefit,
  ],
  queries: [
    ...shared.queries,
    medicalQuestions,
    progress,
    readStatements,
    myStatements,
    statementSources,
    conclusionDraft,
    myWorkList,
    myClients,
    benefitsOf,
  ],
  compositions: [...compositions],
  sends: { ...shared.sends, MedicalQuestionAsked: sendMedicalQuestion },
  receives: {},
  reactions: [...shared.reactions, noteAnswer],
  deadlines: [...shared.deadlines, closeUnanswered],
  findClients: shared.findClients,
};
