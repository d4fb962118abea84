/** The words in which a client reads who looked and why: no codes, no names. */
import { roleNames, type Purpose, type Role } from '@convenant/consent';
import type { Sentence } from '@convenant/kernel';

/** What somebody in this role is to her, said before the name of the role, and where she finds him when the name does not tell. */
const your = (role: Role, where?: Sentence): Sentence => said({ nl: 'uw', en: 'your' }, role, where);
const the = (role: Role, where?: Sentence): Sentence => said({ nl: 'de', en: 'the' }, role, where);
const one = (role: Role, where?: Sentence): Sentence => said({ nl: 'een', en: 'a' }, role, where);
const said = (before: Sentence, role: Role, where?: Sentence): Sentence => ({
  nl: [before.nl, roleNames[role].nl, ...(where ? [where.nl] : [])].join(' '),
  en: [before.en, roleNames[role].en, ...(where ? [where.en] : [])].join(' '),
});
const atUwv: Sentence = { nl: 'bij UWV', en: 'at UWV' };
const ofMunicipality: Sentence = { nl: 'van de gemeente', en: 'of the municipality' };

export const whoInWords: Readonly<Record<Role | 'system', Sentence>> = {
  caseManager: your('caseManager'),
  clinician: your('clinician'),
  employmentSpecialist: your('employmentSpecialist'),
  ipsProjectLeader: the('ipsProjectLeader'),
  privacyOfficer: the('privacyOfficer'),
  insurancePhysician: your('insurancePhysician', atUwv),
  physicianDelegate: the('physicianDelegate', atUwv),
  labourExpert: your('labourExpert', atUwv),
  benefitsAdviser: your('benefitsAdviser', atUwv),
  objectionOfficer: the('objectionOfficer'),
  clientManager: your('clientManager', ofMunicipality),
  medicalAdviser: the('medicalAdviser', ofMunicipality),
  claimsOfficer: the('claimsOfficer', { nl: 'van uw zorgverzekeraar', en: 'of your health insurer' }),
  manager: one('manager'),
  policyOfficer: one('policyOfficer'),
  fidelityReviewer: one('fidelityReviewer'),
  client: { nl: 'uzelf', en: 'yourself' },
  representative: your('representative'),
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
