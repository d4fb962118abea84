/**
 * Which requirement of the domain is met by what: R01 to R35 from the founding articles, U01 to U25 from the people who will work with it.
 * `operations` are GraphQL fields, `files` are paths, `tests` are [file, name of the test]. Each is checked to exist. What has no part at
 * all is not built yet; `missing` says what a part still lacks.
 */
const mh = 'libs/organisations/mental-health';
const uwv = 'libs/organisations/uwv';
const shared = 'libs/organisations/shared';
const covenant = 'libs/organisations/covenant';
const consent = 'libs/consent/src';
const exchange = 'libs/platform/exchange';
const identity = 'libs/platform/identity/core/src';
const log = 'libs/platform/access-log/core/src';

export const requirements = [
  {
    id: 'R01',
    what: 'Referral on the client’s own wish to work; zero exclusion',
    operations: ['referClient', 'acceptReferral', 'declineReferral', 'withdrawReferral', 'openReferrals'],
    files: [`${mh}/domain/src/referral.ts`, `${mh}/service/src/referral.ts`],
    tests: [
      [
        `${mh}/domain/src/referral.spec.ts`,
        'knows no reason to decline that excludes anybody: readiness, symptoms and substance use are not on the list (R01)',
      ],
    ],
  },
  {
    id: 'R02',
    what: 'Intake, and the wait from referral to intake',
    operations: ['holdIntake', 'myCaseload'],
    files: [`${mh}/domain/src/trajectory.ts`, `${mh}/domain/src/caseload.ts`],
    tests: [[`${mh}/domain/src/trajectory.spec.ts`, 'counts a wait from the day on which the state began']],
    missing: 'the mean wait over clients (statistics)',
  },
  {
    id: 'R03',
    what: 'Motivation and motives to work; activation as an activity',
    operations: ['referClient', 'writeProfile'],
    files: [`${mh}/domain/src/vocational-profile.ts`],
    tests: [[`${mh}/domain/src/vocational-profile.spec.ts`, 'keeps every version, each written once']],
    missing: 'the wish to work is kept; motives and activation as activities of their own are not',
  },
  {
    id: 'R04',
    what: 'Vocational profile: preferences drive the search',
    operations: ['writeProfile', 'clientFile'],
    files: [`${mh}/domain/src/vocational-profile.ts`, `${mh}/service/src/guidance.ts`],
    tests: [[`${mh}/domain/src/vocational-profile.spec.ts`, 'keeps every version, each written once']],
  },
  {
    id: 'R05',
    what: 'Rapid job search: intake to first employer contact',
    operations: ['recordEmployerContact', 'clientFile'],
    files: [`${mh}/domain/src/contacts.ts`],
    tests: [[`${mh}/domain/src/contacts.spec.ts`, 'is recorded once']],
    missing: 'the time from intake to first contact as a figure',
  },
  {
    id: 'R06',
    what: 'Intake to first working day',
    operations: ['startJob', 'clientFile'],
    files: [`${mh}/domain/src/job.ts`],
    tests: [[`${mh}/domain/src/job.spec.ts`, 'starts once']],
    missing: 'the time from intake to first working day as a figure',
  },
  {
    id: 'R07',
    what: 'Contacts by counterpart, mode and setting, per quarter',
    operations: ['recordContact', 'clientFile'],
    files: [`${mh}/domain/src/contacts.ts`],
    tests: [[`${mh}/domain/src/contacts.spec.ts`, 'carries its note as K9a, which is never shared']],
    missing: 'counts per quarter',
  },
  {
    id: 'R08',
    what: 'Jobs: function, contract, hours, start, end and reason',
    operations: ['startJob', 'changeJob', 'endJob'],
    files: [`${mh}/domain/src/job.ts`, `${mh}/service/src/guidance.ts`],
    tests: [[`${mh}/domain/src/job.spec.ts`, 'ends once, and does not change after that']],
  },
  {
    id: 'R09',
    what: 'Follow-along support as long as needed, also after a job ends',
    operations: ['recordContact', 'reenterTrajectory'],
    files: [`${mh}/domain/src/trajectory.ts`],
    tests: [
      [
        `${mh}/domain/src/trajectory.spec.ts`,
        'takes a client back within 24 months without a new referral (U15), and not after',
      ],
    ],
    missing: 'the end of a job leaves the trajectory running, but nothing plans the support (U16)',
  },
  {
    id: 'R10',
    what: 'Drop-out and its reason; a medical reason stays inside the agency',
    operations: ['endTrajectory', 'pauseTrajectory'],
    files: [`${mh}/domain/src/trajectory.ts`, `${mh}/domain/src/compositions.ts`],
    tests: [
      [
        `${mh}/domain/src/compositions.spec.ts`,
        'ends with its date and nothing else: neither kind nor reason can be found in it',
      ],
    ],
    missing: 'the reasons other than a medical one (no longer wants it, moved) as a list',
  },
  {
    id: 'R11',
    what: 'Patient monitoring form',
    missing: 'background facts (living situation, income source, work before intake) are not recorded',
  },
  { id: 'R12', what: 'Fidelity measurement: two reviewers, then consensus' },
  { id: 'R13', what: 'Fidelity evidence: interviews and observation' },
  { id: 'R14', what: 'Site justification and independence of reviewers' },
  { id: 'R15', what: 'Facilitators and barriers per stakeholder and period' },
  { id: 'R16', what: 'Structural meetings on two levels' },
  { id: 'R17', what: 'Signals from practice to a management decision and back' },
  { id: 'R18', what: 'Attendance of practitioners measured' },
  { id: 'R19', what: 'Mandate of decision makers' },
  {
    id: 'R20',
    what: 'Covenant: parties, period, goals, financial agreements with expiry warnings',
    operations: ['joinCovenant', 'makeAgreement', 'extendAgreement', 'endAgreement', 'participants', 'agreements'],
    files: [`${covenant}/domain/src/agreement.ts`, `${covenant}/service/src/agreements.ts`],
    tests: [[`${covenant}/domain/src/agreement.spec.ts`, 'warns six, three and one month before its end']],
  },
  {
    id: 'R21',
    what: 'Funding per trajectory over several payers; gaps and unit cost',
    operations: ['arrangeFunding', 'clientFile'],
    files: [`${mh}/domain/src/funding.ts`],
    tests: [[`${mh}/domain/src/funding.spec.ts`, 'names the source of every scheme']],
    missing: 'coverage gaps and unit cost',
  },
  {
    id: 'R22',
    what: 'Pay for performance: milestone, evidence, claim, payment; can be switched off',
    operations: ['reachMilestone', 'receivedForSettlement'],
    files: [`${mh}/domain/src/funding.ts`, 'libs/contracts/src/disclosures.ts'],
    tests: [
      [
        `${mh}/domain/src/funding.spec.ts`,
        'records a milestone once, in a month that has come and lies within the funding',
      ],
    ],
    missing: 'claim, payment and the switch',
  },
  { id: 'R23', what: 'Benefits counselling: question, first response time, answer' },
  { id: 'R24', what: 'Plain-language information on work and benefit' },
  { id: 'R25', what: 'Training and knowledge base on social-security law' },
  { id: 'R26', what: 'Disclosure plan per client and employer' },
  { id: 'R27', what: 'Employer instruments per job' },
  {
    id: 'R28',
    what: 'Integration with the treatment team',
    operations: ['joinTeam', 'leaveTeam', 'beginRelation'],
    files: [`${identity}/team.ts`],
    tests: [[`${identity}/resolve-relation.spec.ts`, 'reaches its clients through whoever is in it now']],
    missing: 'work as an item of treatment-plan meetings, the liaison',
  },
  { id: 'R29', what: 'Caseload norm per full-time specialist' },
  { id: 'R30', what: 'Staff continuity: turnover and replacement time' },
  { id: 'R31', what: 'Time budget of the project leader' },
  {
    id: 'R32',
    what: 'Privacy and confidentiality protected, without paralysing the sharing',
    operations: ['proposeConsent', 'answerConsent', 'withdrawConsent', 'myDisclosures', 'receivedAboutClient'],
    files: [`${consent}/decide.ts`, `${exchange}/core/src/door.ts`, `${exchange}/core/src/inbox.ts`],
    tests: [
      [
        `${shared}/service/src/consents.spec.ts`,
        'is yes to a part, and only that part is told, the state from before it included',
      ],

      [`${consent}/decide.properties.spec.ts`, 'no unlisted field leaves'],
      [`${consent}/decide.properties.spec.ts`, 'withdrawn means denied'],
    ],
  },
  { id: 'R33', what: 'Outcome feedback to clinicians' },
  { id: 'R34', what: 'Results fed back to sites' },
  { id: 'R35', what: 'Context factors in reports' },

  {
    id: 'U01',
    what: 'The client’s own duty to report, with the notice ready',
    operations: ['reportingReminders'],
    files: [`${mh}/domain/src/reporting-duties.ts`, `${mh}/domain/src/reporting-notice.ts`],
    tests: [
      [
        `${mh}/domain/src/reporting-duties.spec.ts`,
        'is there after a refusal and after a withdrawal, and not while she says yes',
      ],
      [`${mh}/domain/src/reporting-duties.spec.ts`, 'has a filled-in notice in both languages for her to send herself'],
    ],
  },
  {
    id: 'U02',
    what: 'A closed list of purposes and a wall before claim assessment',
    files: [`${consent}/vocabulary.ts`, `${consent}/matrix-never.ts`],
    tests: [
      [
        `${consent}/matrix.spec.ts`,
        'stands as a wall before claim assessment: every pair, role and personal category, never',
      ],
      [`${consent}/decide.properties.spec.ts`, 'claim assessment is denied whatever the policy says'],
    ],
  },
  {
    id: 'U03',
    what: 'The consent conversation: per recipient and purpose, switches off, yes, no or not today, pause, stop everything',
    operations: [
      'proposeConsent',
      'answerConsent',
      'narrowConsent',
      'pauseConsent',
      'resumeConsent',
      'withdrawConsent',
      'stopEverything',
      'openQuestions',
    ],
    files: [`${consent}/consent-question.ts`, `${consent}/disclosure.ts`, `${shared}/service/src/propose-consent.ts`],
    tests: [
      [
        `${shared}/service/src/consents.spec.ts`,
        'puts one sentence per recipient and purpose to her, with every switch off',
      ],
      [`${shared}/service/src/consents.spec.ts`, 'stops everything at once'],

      [`${consent}/consent-question.spec.ts`, 'offers yes, no and not today alike'],
      [`${consent}/disclosure-consents.spec.ts`, 'lasts at most 90 days and keeps the keys'],
    ],
    missing:
      'understood/doubt/stopped by the professional, the reminder after two weeks, a crisis plan laid down beforehand, an authorisation for a benefits body that is given in the same conversation and travels to it',
  },
  { id: 'U04', what: 'Official forms, and partners by document' },
  { id: 'U05', what: 'Import, launch from the patient record, filing back' },
  {
    id: 'U06',
    what: 'What an organisation keeps is decided when it uses something',
    operations: ['takeIntoDecision', 'takenFor', 'takenAboutMe'],
    files: [`${consent}/taking.ts`, `${shared}/service/src/take-into-decision.ts`],
    tests: [
      [
        `${shared}/service/src/received.spec.ts`,
        'keeps one fact, readable through that decision alone, also after she withdrew',
      ],

      [`${consent}/taking.spec.ts`, 'is allowed on the law of the table, for its term'],
      [`${consent}/decide-reading.spec.ts`, 'is read through that decision, until its term is over'],
    ],
  },
  {
    id: 'U07',
    what: 'The mended matrix: insurer by law, K9 split, the end with its date only, the added rows',
    files: [`${consent}/matrix.ts`, `${consent}/matrix-never.ts`, 'docs/generated/consent-matrix.md'],
    tests: [
      [`${consent}/matrix.spec.ts`, 'lets it claim from an insurer with funding facts alone'],
      [
        `${mh}/domain/src/compositions.spec.ts`,
        'ends with its date and nothing else: neither kind nor reason can be found in it',
      ],
    ],
    missing:
      'the notice to the client of what goes to an insurer by law; the stop notice with a reason that she chooses',
  },
  {
    id: 'U08',
    what: 'Spoken disclosure asked before and recorded after; danger',
    operations: ['mayITell', 'recordToldOutside'],
    files: [`${shared}/service/src/tell-outside.ts`],
    tests: [
      [`${shared}/service/src/consents.spec.ts`, 'asks the same decision before the call'],
      [`${consent}/disclosure-records.spec.ts`, 'is recorded all the same when nothing covers it'],
    ],
    missing: 'sending a concern to the treating team; the record of a conflict of duties',
  },
  {
    id: 'U09',
    what: 'Never a hint',
    operations: ['receivedAboutClient', 'progress'],
    files: [`${uwv}/domain/src/progress-view.ts`, 'libs/platform/host/src/reading.ts'],
    tests: [
      [`${shared}/service/src/received.spec.ts`, 'peer 1: totals and counts'],
      [`${shared}/service/src/received.spec.ts`, 'peer 3: filters, order and errors'],

      [
        `${uwv}/domain/src/progress-view.spec.ts`,
        'looks the same for what did not happen and for what was not told (U09)',
      ],
    ],
  },
  {
    id: 'U10',
    what: 'What the insurance physician reviews and writes',
    operations: [
      'progress',
      'draftConclusion',
      'shareConclusion',
      'statements',
      'myStatements',
      'addMyView',
      'statementSources',
    ],
    files: [`${uwv}/domain/src/conclusion.ts`, `${uwv}/service/src/conclusion.ts`],
    tests: [
      [`${uwv}/domain/src/conclusion.spec.ts`, 'is the physician’s alone: a delegate prepares and never concludes'],
      [`${uwv}/domain/src/conclusion.spec.ts`, 'keep a superseded conclusion readable as such, and lead nowhere else'],
    ],
  },
  {
    id: 'U11',
    what: 'Question and answer between doctors',
    operations: [
      'askMedicalQuestion',
      'medicalQuestions',
      'medicalQuestionsToAnswer',
      'draftAnswer',
      'offerAnswerToClient',
      'readAnswer',
      'releaseAnswer',
      'declineQuestion',
      'answersForMe',
    ],
    files: [`${uwv}/domain/src/medical-question.ts`, `${mh}/domain/src/medical-question.ts`],
    tests: [
      [`${mh}/domain/src/medical-question.spec.ts`, 'releases an answer only after the client has read it'],
      [`${uwv}/domain/src/medical-question.spec.ts`, 'closes without an answer at its term and not earlier'],
    ],
    missing:
      'the reminder and the escalation; a municipal medical adviser can receive an answer by the matrix but has no page to ask',
  },
  { id: 'U12', what: 'Operational meeting per agenda item' },
  {
    id: 'U13',
    what: 'Working relations as teams work',
    operations: [
      'beginRelation',
      'endRelation',
      'joinTeam',
      'appointStandIn',
      'endStandIn',
      'appointDelegate',
      'handOverCaseload',
      'confirmTakenOver',
      'relationsOf',
      'myPeople',
    ],
    files: [`${identity}/resolve-relation.ts`, `${shared}/service/src/hand-over-caseload.ts`],
    tests: [
      [
        `${shared}/service/src/relations.spec.ts`,
        'moves a whole caseload in one act: the successor has every client, the predecessor finds nobody',
      ],

      [
        `${identity}/resolve-relation.spec.ts`,
        'after a hand-over the predecessor has no relation, and the successor has one to confirm',
      ],
      [`${identity}/staff.spec.ts`, 'stands in for at most four weeks'],
    ],
    missing: 'the message to the client and to partners with the new name; days until replacement',
  },
  { id: 'U14', what: 'A management meeting that can decide' },
  {
    id: 'U15',
    what: 'Relapse, pause, return',
    operations: ['pauseTrajectory', 'resumeTrajectory', 'reenterTrajectory'],
    files: [`${mh}/domain/src/trajectory.ts`],
    tests: [
      [
        `${mh}/domain/src/trajectory.spec.ts`,
        'takes a client back within 24 months without a new referral (U15), and not after',
      ],
    ],
    missing: 'the funding clock; counting drop-out',
  },
  { id: 'U16', what: 'Keeping work: the follow-along plan' },
  {
    id: 'U17',
    what: 'Funding as it really flows',
    operations: ['arrangeFunding', 'reachMilestone'],
    files: [`${mh}/domain/src/funding.ts`],
    tests: [[`${mh}/domain/src/funding.spec.ts`, 'refuses a scheme that is not known, or not in force on that date']],
    missing: 'application, decision, stop notice, settlement and evidence',
  },
  {
    id: 'U18',
    what: 'Benefits counselling',
    missing: 'the purpose, its rows and the page `receivedForBenefits` are there; question, term and answer are not',
  },
  {
    id: 'U19',
    what: 'Representation, and clients without a smartphone',
    operations: ['issueActivationCode', 'activateLogin', 'myLogins', 'endLogin', 'answerConsent'],
    files: [`${shared}/domain/src/client-access.ts`, `${shared}/domain/src/client-login.ts`],
    tests: [
      [
        `${shared}/domain/src/client-access.spec.ts`,
        'is not issued to a representative without the ground on which he acts',
      ],
      [`${consent}/disclosure-consents.spec.ts`, 'refuses a representative who does not say why she may decide'],
    ],
    missing:
      'capacity per decision, a second person who checks, her objection against what a representative did, help at the desk of any partner',
  },
  {
    id: 'U20',
    what: 'Readings in words',
    operations: ['myReadings', 'whoSaw'],
    files: [`${log}/readings-in-words.ts`],
    tests: [
      [
        `${shared}/service/src/oversight.spec.ts`,
        'tell her who looked and for what, without names, repeated looks folded',
      ],

      [`${log}/readings-in-words.spec.ts`, 'folds repeated looks, looks by a team and lists into one line per day'],
      [
        `${log}/readings-in-words.spec.ts`,
        'peer 16: words every stopped attempt alike, whoever it was, why and how often',
      ],
    ],
    missing: '“this is not right” as a question to a named person; the decision about giving names',
  },
  {
    id: 'U21',
    what: 'Gateway, matching, recall',
    operations: ['introductionsToLink', 'linkIntroduction', 'notOurClient'],
    files: ['apps/gateway/src/start-gateway.ts', `${shared}/service/src/link-introduction.ts`],
    tests: [
      [
        `${shared}/service/src/introductions.spec.ts`,
        'of somebody who is not ours are given back and destroyed, and the sender is told',
      ],
      ['apps/gateway/src/gateway.integration.spec.ts', 'is answered by the organisation that the token is for'],
    ],
    missing: 'recall of a wrongly addressed disclosure, the breach record',
  },
  { id: 'U22', what: 'Employers, openness, family' },
  { id: 'U23', what: 'Fidelity without broken secrecy' },
  {
    id: 'U24',
    what: 'Papers an officer can sign',
    missing: 'the matrix is printed; DPIA, register, letters and annexes are not',
  },
  {
    id: 'U25',
    what: 'Coverage, and room to grow',
    files: ['tools/generate/coverage-data.mjs', 'docs/generated/coverage.md'],
    tests: [
      ['tools/generate/generate.spec.ts', 'says of every requirement what covers it, or that it is not built yet'],
    ],
    missing: 'target group and provider kind as configuration of a programme',
  },
];
