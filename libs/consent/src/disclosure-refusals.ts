/** What somebody reads when something about consents or disclosures was refused. */
import type { Refusals } from '@convenant/kernel';
import type { DisclosureRefusal } from './disclosure-commands.js';

export const disclosureRefusals = {
  'unknown-consent': { nl: 'Deze toestemming is niet bekend.', en: 'This consent is not known.' },
  'consent-id-taken': {
    nl: 'Er is al een andere vraag met dit kenmerk. Stel de vraag opnieuw met een nieuw kenmerk.',
    en: 'Another question has this reference already. Ask again under a new one.',
  },
  'purpose-never': {
    nl: 'Voor het beoordelen van een uitkering wordt hier nooit iets gedeeld of gevraagd.',
    en: 'Nothing is ever shared or asked here for the assessment of a benefit.',
  },
  'never-shared': {
    nl: 'Minstens een van deze soorten gegevens mag nooit naar deze ontvanger voor dit doel, ook niet met toestemming.',
    en: 'At least one of these kinds of data may never go to this recipient for this purpose, not even with consent.',
  },
  'empty-scope': {
    nl: 'Noem minstens één soort gegevens en één ontvanger.',
    en: 'Name at least one kind of data and one recipient.',
  },
  'role-unknown': { nl: 'Deze organisatie kent deze functie niet.', en: 'This organisation has no such role.' },
  'validity-too-long': {
    nl: 'Een toestemming geldt minstens één en hoogstens twaalf hele maanden.',
    en: 'A consent is valid for at least one and at most twelve whole months.',
  },
  'question-missing': {
    nl: 'Medische gegevens kunnen alleen gevraagd worden als antwoord op één bepaalde vraag.',
    en: 'Medical data can only be asked for as the answer to one particular question.',
  },
  'unknown-ask': {
    nl: 'Deze vraag van de ontvanger is niet bekend.',
    en: 'This question of the recipient is not known.',
  },
  'ask-differs': {
    nl: 'Dit voorstel hoort bij een andere ontvanger of een ander doel dan de vraag die gesteld is.',
    en: 'This proposal has another recipient or purpose than the question that was asked.',
  },
  'not-offered': {
    nl: 'U kunt alleen ja zeggen op wat in de vraag stond.',
    en: 'A yes can only be given to what the question offered.',
  },
  'already-given': {
    nl: 'Deze toestemming is al gegeven. U kunt haar intrekken, beperken of pauzeren.',
    en: 'This consent was given already. It can be withdrawn, narrowed or paused.',
  },
  'not-wider': {
    nl: 'Iets uitzetten gaat met beperken; iets erbij aanzetten gaat met een nieuw ja. Doe dit in twee stappen.',
    en: 'Switching something off is narrowing, switching something on is a new yes. Do this in two steps.',
  },
  'consent-ended': {
    nl: 'Deze toestemming is beëindigd. Er kan een nieuwe worden gevraagd.',
    en: 'This consent has ended. A new one can be asked for.',
  },
  'consent-paused': {
    nl: 'Deze toestemming staat op pauze. Hervat haar eerst.',
    en: 'This consent is paused. Resume it first.',
  },
  'basis-missing': {
    nl: 'Schrijf op waarom u namens de cliënt mag beslissen.',
    en: 'State why you may decide on behalf of the client.',
  },
  'ask-again-not-later': {
    nl: 'Kies een latere dag om het opnieuw te vragen.',
    en: 'Choose a later day to ask again.',
  },
  'nothing-left': {
    nl: 'Zo blijft er niets over. Trek de toestemming dan in.',
    en: 'This would leave nothing. Withdraw the consent instead.',
  },
  'not-given': { nl: 'Deze toestemming is nu niet gegeven.', en: 'This consent is not given now.' },
  'pause-too-long': {
    nl: 'Een pauze eindigt na vandaag en duurt hoogstens 90 dagen.',
    en: 'A pause ends after today and lasts at most 90 days.',
  },
  'client-only': {
    nl: 'Alleen de cliënt zelf kan dit: delen hervatten en een bezwaar opheffen.',
    en: 'Only the client herself can do this: resume sharing and lift an objection.',
  },
  'pause-ran-out': {
    nl: 'De pauze is voorbij en de toestemming is daarmee ingetrokken. U kunt opnieuw toestemming geven.',
    en: 'The pause ran out, and the consent with it. Consent can be given anew.',
  },
  'no-longer-valid': {
    nl: 'De toestemming is intussen verlopen. U kunt opnieuw toestemming geven.',
    en: 'The consent has expired meanwhile. Consent can be given anew.',
  },
  'objection-id-taken': {
    nl: 'Er is al een ander bezwaar met dit kenmerk.',
    en: 'Another objection has this reference already.',
  },
  'unknown-objection': { nl: 'Dit bezwaar is niet bekend.', en: 'This objection is not known.' },
  'ask-id-taken': {
    nl: 'Er is al een andere vraag met dit kenmerk.',
    en: 'Another question has this reference already.',
  },
  'pseudonym-exists': {
    nl: 'Deze cliënt is bij deze organisatie al onder een andere schuilnaam bekend.',
    en: 'This client is known to this organisation under another pseudonym already.',
  },
  'unknown-pseudonym': {
    nl: 'Deze schuilnaam is voor deze cliënt niet bekend.',
    en: 'This pseudonym is not known for this client.',
  },
  'foreign-consent': {
    nl: 'Deze toestemming is voor een andere organisatie.',
    en: 'This consent is for another organisation.',
  },
  'permit-not-issued': {
    nl: 'Hierover is geen besluit genomen. Er is niets vastgelegd.',
    en: 'No decision was taken about this. Nothing was recorded.',
  },
  'no-longer-permitted': {
    nl: 'Dit mag niet meer worden verteld. Er is niets verstuurd.',
    en: 'This may no longer be told. Nothing was sent.',
  },
  'more-than-permitted': {
    nl: 'Dit bevat meer dan er verteld mag worden. Er is niets verstuurd.',
    en: 'This holds more than may be told. Nothing was sent.',
  },
  'message-id-taken': {
    nl: 'Er is al een ander bericht met dit kenmerk.',
    en: 'Another message has this reference already.',
  },
  'unknown-message': { nl: 'Dit bericht is niet bekend.', en: 'This message is not known.' },
  'told-id-taken': {
    nl: 'Er is al iets anders met dit kenmerk vastgelegd.',
    en: 'Something else was recorded under this reference already.',
  },
  'objection-stands': {
    nl: 'De cliënt heeft hier bezwaar tegen gemaakt. Zolang dat staat, wordt het haar niet gevraagd.',
    en: 'The client objected to this. While that stands, she is not asked.',
  },
  'already-asked': {
    nl: 'Deze vraag ligt al bij de cliënt.',
    en: 'This question is with the client already.',
  },
  'no-open-question': {
    nl: 'Op deze vraag is al geantwoord. Een ander antwoord geeft de cliënt zelf.',
    en: 'This question was answered already. Another answer is given by the client herself.',
  },
  'medical-answer-is-hers': {
    nl: 'Over medische gegevens antwoordt de cliënt altijd zelf.',
    en: 'About medical data the client always answers herself.',
  },
  'she-said-no': {
    nl: 'De cliënt heeft hier zelf nee tegen gezegd. Alleen zij kan daar ja van maken.',
    en: 'The client said no to this herself. Only she can make it a yes.',
  },
  'evidence-missing': {
    nl: 'Leg vast waar het papier is, of wie erbij was toen zij het zei.',
    en: 'Record where the paper is, or who was there when she said it.',
  },
  'money-matters-only': {
    nl: 'Een bewindvoerder beslist alleen over geldzaken.',
    en: 'An administrator decides about money matters only.',
  },
} satisfies Refusals<DisclosureRefusal>;
