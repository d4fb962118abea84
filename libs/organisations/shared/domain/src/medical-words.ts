/** Words that belong to a doctor's file: free text that is shared outside it warns about them before it is kept. */
import type { Refusals } from '@convenant/kernel';

export type MedicalWordsRefusal = 'medical-words-in-text';
export const medicalWordsRefusals = {
  'medical-words-in-text': {
    nl: 'In deze tekst staan woorden die over een ziekte of behandeling lijken te gaan. Schrijf op wat iemand kan en wat helpt, of bevestig dat dit niet medisch is.',
    en: 'This text has words that seem to be about an illness or treatment. Write what somebody can do and what helps, or confirm that this is not medical.',
  },
} as const satisfies Refusals<MedicalWordsRefusal>;

// A warning, not a filter: it misses words, and that is why texts are also read by a person before they leave.
const stems = [
  'diagnos medicatie medicijn medicine medication antipsycho antidepress lithium stoornis disorder verslav addict',
  'psychose psychosis psychoti schizofr schizophr depressie depression bipolair bipolar borderline autis adhd ptss ptsd',
  'manisch manic suïcid suicid terugval relapse kliniek psychiat',
].flatMap((line) => line.split(' '));

/** True when one of these texts has a word that usually belongs to a medical file. */
export const hasMedicalWords = (...texts: readonly (string | undefined)[]): boolean =>
  texts.some((text) => text !== undefined && stems.some((stem) => text.toLowerCase().includes(stem)));
