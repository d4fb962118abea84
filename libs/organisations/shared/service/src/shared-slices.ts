/** THE MAP of what every organisation that knows clients has in common; each spreads it into its own service. */
import { disclosureEvents } from '@convenant/consent';
import {
  clientNameEvents,
  introductions,
  receivedEvents,
  receivedFacts,
  registeredConsentEnds,
  takenIntoDecisions,
} from '@convenant/exchange';
import { asView } from '@convenant/host';
import { relationEvents, staffEvents, teamEvents, whoWorksWithWhom } from '@convenant/identity';
import { joinCatalogues } from '@convenant/kernel';
import {
  accessEvents,
  activationCodes,
  clientIntroduced,
  clientNames,
  clientRecordEvents,
  clientsByName,
  sharedCatalogues,
} from '@convenant/shared-domain';
import { activateLogin, issueActivationCode } from './activate-login.js';
import { askForDisclosure, askedAbout } from './ask-for-disclosure.js';
import { askEvents, sendAsk, sendWaitingAsks } from './asks.js';
import { beginRelation, endRelation, joinTeam, leaveTeam } from './assign-colleagues.js';
import {
  liftObjection,
  narrowConsent,
  objectToSharing,
  pauseConsent,
  resumeConsent,
  stoppingCommands,
} from './change-consent.js';
import { closeExpiredScopes, consentEnds, endConsents } from './consent-ends.js';
import { clientIdentity, findClient } from './find-client.js';
import { confirmTakenOver, handOverCaseload } from './hand-over-caseload.js';
import { clientsNamed, introductionsToLink, linkIntroduction, notOurClient } from './link-introduction.js';
import { endLogin, logins, myLogins } from './logins.js';
import { myReadings, parkedMessages, redriveMessage, suspiciousAttempts, whoSaw } from './oversee.js';
import { answerConsent, proposeConsent } from './propose-consent.js';
import { consents, myConsents, openQuestions } from './read-consents.js';
import { myDisclosures } from './read-disclosures.js';
import { receivedAboutMe, receivedQueries } from './read-received.js';
import { myPeople, relationsOf } from './read-relations.js';
import { correctClientDetails, registerClient } from './register-client.js';
import type { SharedOptions, SharedSlices } from './shared-options.js';
import { notForSupervision, notQueriedForSupervision } from './supervision.js';
import { standInCommands } from './stand-in.js';
import { takeIntoDecision, takenAboutMe, takenFor } from './take-into-decision.js';
import { mayITell, recordToldOutside } from './tell-outside.js';
import { me } from './who-am-i.js';

const catalogues: SharedSlices['catalogues'] = [
  disclosureEvents,
  receivedEvents,
  clientNameEvents,
  relationEvents,
  staffEvents,
  teamEvents,
  askEvents,
  ...sharedCatalogues,
];
const whoWorks = joinCatalogues(relationEvents, staffEvents, teamEvents);

export const sharedSlices = (options: SharedOptions): SharedSlices => ({
  catalogues,
  views: [
    asView(clientRecordEvents, clientNames),
    asView(clientRecordEvents, clientsByName),
    asView(accessEvents, activationCodes),
    asView(whoWorks, whoWorksWithWhom),
    asView(disclosureEvents, consentEnds),
    asView(receivedEvents, receivedFacts),
    asView(receivedEvents, introductions),
    asView(receivedEvents, takenIntoDecisions),
    asView(receivedEvents, registeredConsentEnds),
  ],
  commands: [
    registerClient(options),
    correctClientDetails(options),
    issueActivationCode(options),
    activateLogin,
    endLogin(options),
    beginRelation(options),
    endRelation(options),
    joinTeam(options),
    leaveTeam(options),
    ...standInCommands(options),
    handOverCaseload(options),
    confirmTakenOver(options),
    proposeConsent(options),
    answerConsent(options),
    narrowConsent,
    pauseConsent,
    resumeConsent,
    ...stoppingCommands(options),
    objectToSharing,
    liftObjection,
    recordToldOutside(options),
    askForDisclosure(options),
    linkIntroduction(options),
    notOurClient(options),
    takeIntoDecision(options),
    redriveMessage,
  ].map(notForSupervision),
  queries: [
    me,
    myConsents,
    openQuestions(options),
    myDisclosures,
    myReadings,
    myPeople,
    myLogins,
    takenAboutMe,
    receivedAboutMe,
    logins(options),
    consents(options),
    mayITell(options),
    clientIdentity(options),
    findClient(options),
    relationsOf(options),
    introductionsToLink(options),
    ...receivedQueries(options),
    askedAbout(options),
    takenFor(options),
    whoSaw,
    suspiciousAttempts,
    parkedMessages,
  ].map(notQueriedForSupervision),
  compositions: [clientIntroduced],
  sends: { PartnerAsked: sendAsk, WaitingAskNamed: sendAsk },
  reactions: [sendWaitingAsks],
  deadlines: [endConsents, closeExpiredScopes],
  findClients: clientsNamed,
});
