/** The words in which a client reads who looked and why: no codes, no names. */
import type { Purpose, Role } from '@convenant/consent';
import type { Sentence } from '@convenant/kernel';

export const whoInWords: Readonly<Record<Role | 'system', Sentence>> = {
  caseManager: { nl: 'uw casemanager', en: 'your case manager' },
  clinician: { nl: 'uw behandelaar', en: 'your clinician' },
  employmentSpecialist: { nl: 'uw IPS-trajectbegeleider', en: 'your employment specialist' },
  ipsProjectLeader: { nl: 'de projectleider IPS', en: 'the IPS project leader' },
  privacyOfficer: { nl: 'de privacyfunctionaris', en: 'the privacy officer' },
  insurancePhysician: { nl: 'uw UWV-arts', en: 'your UWV doctor' },
  physicianDelegate: { nl: 'de medewerkers van uw UWV-arts', en: 'your UWV doctor’s staff' },
  labourExpert: { nl: 'uw arbeidsdeskundige bij UWV', en: 'your labour expert at UWV' },
  benefitsAdviser: { nl: 'uw adviseur bij UWV', en: 'your adviser at UWV' },
  objectionOfficer: { nl: 'de medewerker die bezwaren behandelt', en: 'the officer who handles objections' },
  clientManager: { nl: 'uw klantmanager bij de gemeente', en: 'your client manager at the municipality' },
  medicalAdviser: { nl: 'de medisch adviseur van de gemeente', en: 'the medical adviser of the municipality' },
  claimsOfficer: {
    nl: 'de medewerker declaraties van uw zorgverzekeraar',
    en: 'the claims officer of your health insurer',
  },
  manager: { nl: 'een manager', en: 'a manager' },
  policyOfficer: { nl: 'een beleidsmedewerker', en: 'a policy officer' },
  fidelityReviewer: { nl: 'een beoordelaar van de werkwijze', en: 'a fidelity reviewer' },
  client: { nl: 'uzelf', en: 'yourself' },
  representative: { nl: 'uw vertegenwoordiger', en: 'your representative' },
  system: { nl: 'het systeem, zonder dat iemand meekeek', en: 'the system, with nobody looking' },
};
export const someoneInWords: Sentence = { nl: 'een medewerker', en: 'a member of staff' };

export const whyInWords: Readonly<Record<Purpose, Sentence>> = {
  support: { nl: 'begeleiding naar en in werk', en: 'support towards and in work' },
  'funding-decision': { nl: 'beslissen over de bekostiging', en: 'deciding on funding' },
  'funding-settlement': { nl: 'verrekenen van de bekostiging', en: 'settling funding' },
  'benefits-answer': { nl: 'uw vraag over uw uitkering', en: 'your question about your benefit' },
  'medical-question': { nl: 'een medische vraag', en: 'a medical question' },
  'operational-meeting': { nl: 'voorbereiden van een overleg over u', en: 'preparing a meeting about you' },
  'fidelity-sample': { nl: 'onderzoek naar de werkwijze', en: 'a review of the way of working' },
  supervision: { nl: 'toezicht op het werk', en: 'supervision of the work' },
  'claim-assessment': { nl: 'beoordelen van een aanvraag', en: 'assessing a claim' },
};
export const ownPageInWords: Sentence = { nl: 'uw eigen pagina', en: 'your own page' };
export const oversightInWords: Sentence = { nl: 'toezicht op het gebruik', en: 'oversight of use' };
export const workInWords: Sentence = { nl: 'het werk voor u', en: 'work for you' };

export const didInWords = {
  read: { nl: 'bekeken', en: 'read' },
  changed: { nl: 'vastgelegd of gewijzigd', en: 'recorded or changed' },
  sent: { nl: 'verstuurd of als bestand opgevraagd', en: 'sent or taken as a file' },
} as const satisfies Record<string, Sentence>;

/** The same words for every attempt, whoever it was and whatever stopped it. */
export const stoppedInWords: Sentence = {
  nl: 'Er is geprobeerd iets van u te openen. Dat is tegengehouden; er is niets getoond.',
  en: 'Somebody tried to open something of yours. It was stopped; nothing was shown.',
};
