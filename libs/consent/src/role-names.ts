/** What every role is called where people read it: the words of the glossary, and the only place that has them. */
import type { Sentence } from '@convenant/kernel';
import type { Role } from './vocabulary.js';

/** Without an article, so that "uw" and "your" can stand before it. They are in the question that a client answers: new words here are a new `consentTextVersion`. */
export const roleNames = {
  caseManager: { nl: 'casemanager', en: 'case manager' },
  clinician: { nl: 'behandelaar', en: 'clinician' },
  employmentSpecialist: { nl: 'IPS-trajectbegeleider', en: 'employment specialist' },
  ipsProjectLeader: { nl: 'IPS-projectleider', en: 'IPS project leader' },
  privacyOfficer: { nl: 'privacyfunctionaris', en: 'privacy officer' },
  insurancePhysician: { nl: 'verzekeringsarts', en: 'insurance physician' },
  physicianDelegate: { nl: 'medewerker van de verzekeringsarts', en: 'delegate of the insurance physician' },
  labourExpert: { nl: 'arbeidsdeskundige', en: 'labour expert' },
  benefitsAdviser: { nl: 'adviseur werk', en: 'benefits adviser' },
  objectionOfficer: { nl: 'medewerker bezwaar', en: 'objection officer' },
  clientManager: { nl: 'klantmanager', en: 'client manager' },
  medicalAdviser: { nl: 'medisch adviseur', en: 'medical adviser' },
  claimsOfficer: { nl: 'declaratiemedewerker', en: 'claims officer' },
  manager: { nl: 'manager', en: 'manager' },
  policyOfficer: { nl: 'beleidsmedewerker', en: 'policy officer' },
  fidelityReviewer: { nl: 'onafhankelijke beoordelaar', en: 'fidelity reviewer' },
  client: { nl: 'cliënt', en: 'client' },
  representative: { nl: 'vertegenwoordiger', en: 'representative' },
} as const satisfies Record<Role, Sentence>;
