/** What holds for a medical question at the one who asks (U11). */
import { describe, expect, it } from '@jest/globals';
import { accept, refuse, type Sealed } from '@convenant/kernel';
import { brokenHistory, changedBySecondTime, given } from '@convenant/shared-domain';
import fc from 'fast-check';
import history from './medical-question.history.json' with { type: 'json' };
import {
  medicalQuestion,
  medicalQuestionEvents,
  medicalQuestionInput,
  questionCodes,
  questionText,
  type MedicalQuestionCommand,
  type MedicalQuestionEvent,
  type QuestionCode,
} from './medical-question.js';
import { askedQuestions, workList } from './work-list.js';

const at = '2026-03-10T09:00:00.000Z';
const ask = {
  type: 'AskMedicalQuestion',
  questionId: 'q1',
  clientId: 'c1',
  partner: 'ggz-amstel',
  pseudonym: 'p1',
  codeCount: 1,
  codes: 'c' as Sealed<readonly QuestionCode[]>,
  by: 'dr-bos',
  role: 'insurancePhysician',
  question: 'q' as Sealed<string>,
  at,
} as const;
const asked: MedicalQuestionEvent = {
  ...ask,
  type: 'MedicalQuestionAsked',
  askedOn: '2026-03-10',
  expectedBy: '2026-03-24',
};
const receive = { type: 'ReceiveMedicalAnswer', messageId: 'm1', at } as const;
const answered: MedicalQuestionEvent = { type: 'MedicalAnswerReceived', questionId: 'q1', messageId: 'm1', at };
const close = (when: string) => ({ type: 'CloseWithoutAnswer', at: when }) as const;
const closed: MedicalQuestionEvent = {
  type: 'QuestionClosedWithoutAnswer',
  questionId: 'q1',
  at: '2026-03-25T05:00:00.000Z',
};
const follow = (followUpId: string) => ({ type: 'AskFollowUp', followUpId, at }) as const;

describe('a medical question', () => {
  it('is expected to be answered within ten working days', () => {
    expect(given(medicalQuestion, []).when(ask)).toEqual(accept(asked));
    expect(given(medicalQuestion, [asked]).when({ ...ask, clientId: 'c2' })).toEqual(refuse('question-already-asked'));
  });
  it('asks at least one and at most five things', () => {
    expect(given(medicalQuestion, []).when({ ...ask, codeCount: 0 })).toEqual(refuse('no-question'));
    expect(given(medicalQuestion, []).when({ ...ask, codeCount: questionCodes.length + 1 })).toEqual(
      refuse('too-many-questions'),
    );
  });
  it('keeps what is asked sealed, and in clear only how many things', () => {
    const { data, sealed } = medicalQuestionEvents.encode(asked);
    expect(data).toMatchObject({ codeCount: 1 });
    expect(Object.keys(sealed).sort()).toEqual(['codes', 'question']);
    expect(JSON.stringify(data)).not.toContain('treatment');
    const [first] = history;
    expect(medicalQuestionEvents.decode(first as never)).toMatchObject({ codeCount: 1 });
    expect(medicalQuestionEvents.decode(first as never)).not.toHaveProperty('codes');
  });
  it('closes without an answer at its term and not earlier', () => {
    expect(given(medicalQuestion, [asked]).when(close('2026-03-24T22:59:00.000Z'))).toEqual(refuse('term-not-passed'));
    expect(given(medicalQuestion, [asked]).when(close('2026-03-24T23:00:00.000Z'))).toHaveProperty(
      'accepted.length',
      1,
    );
    expect(given(medicalQuestion, [asked, answered]).when(close(closed.at))).toEqual(refuse('already-answered'));
  });
  it('says nothing about why there was no answer: the closing has a question and a moment', () => {
    expect(Object.keys(closed).sort()).toEqual(['at', 'questionId', 'type']);
    expect(
      Object.keys(medicalQuestionEvents.definitions.find(({ type }) => type === closed.type)?.clear ?? {}),
    ).toEqual(['questionId', 'at']);
  });
  it('takes an answer that comes after the term', () => {
    expect(given(medicalQuestion, [asked, closed]).when(receive)).toEqual(accept(answered));
  });
  it('can be followed up once per answer', () => {
    expect(given(medicalQuestion, [asked]).when(follow('q2'))).toEqual(refuse('not-answered'));
    const followed = accept({ type: 'FollowUpAsked', questionId: 'q1', followUpId: 'q2', at });
    expect(given(medicalQuestion, [asked, answered]).when(follow('q2'))).toEqual(followed);
    expect(
      given(medicalQuestion, [asked, answered, ...followed.accepted] as MedicalQuestionEvent[]).when(follow('q3')),
    ).toEqual(refuse('follow-up-already-asked'));
  });
  it('refuses anything about a question that nobody asked', () => {
    expect(given(medicalQuestion, []).when(receive)).toEqual(refuse('question-unknown'));
  });
  it('changes nothing when any command comes twice', () => {
    const pool: MedicalQuestionCommand[] = [
      ask,
      receive,
      { ...receive, messageId: 'm2' },
      close(at),
      close(closed.at),
      follow('q2'),
      follow('q3'),
    ];
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...pool)),
        (commands) => changedBySecondTime(medicalQuestion, commands).length === 0,
      ),
    );
  });
  it('has a readable example of every stored version', () => {
    expect(brokenHistory(medicalQuestionEvents, history)).toEqual([]);
  });
});

describe('what is entered in a question', () => {
  const codes = (value: object) => medicalQuestionInput.safeParse(value).error?.issues.map((each) => each.message);
  it('warns against asking whether somebody is fit for work', () => {
    expect(codes({ codes: ['agreements-made'], explanation: 'Is zij geschikt voor dit werk?' })).toEqual([
      'asks-about-fitness',
    ]);
    expect(codes({ codes: ['agreements-made'], explanation: 'Is she fit?' })).toEqual(['asks-about-fitness']);
    expect(
      codes({ codes: ['agreements-made'], explanation: 'Is she fit?', confirmedAsksForFacts: true }),
    ).toBeUndefined();
    expect(codes({ codes: ['agreements-made'], explanation: 'Het gaat om de periode na maart.' })).toBeUndefined();
  });
  it('refuses no question, and the same one twice', () => {
    expect(codes({ codes: [] })).toEqual(['no-question']);
    expect(codes({ codes: ['agreements-made', 'agreements-made'] })).toEqual(['too-many-questions']);
  });
  it('is sent in words', () => {
    expect(questionText({ codes: ['agreements-made'], explanation: 'Na maart.' })).toBe(
      'Welke afspraken hebt u met uw cliënt gemaakt?\nNa maart.',
    );
  });
});

describe('the work list', () => {
  const stored = {} as never;
  it('shows a question as waiting, then as an answer to read, or as closed', () => {
    const waiting = workList.apply(undefined, asked, 'q1', stored);
    expect(waiting).toEqual({
      clientId: 'c1',
      what: 'question-waiting',
      about: 'q1',
      person: 'dr-bos',
      on: '2026-03-24',
    });
    expect(workList.apply(waiting, answered, 'q1', stored)).toMatchObject({ what: 'answer-to-read' });
    expect(workList.apply(waiting, closed, 'q1', stored)).toMatchObject({ what: 'question-closed' });
  });
  it('holds no text of a question or an answer', () => {
    expect(Object.values({ ...workList.columns, ...askedQuestions.columns }).some(({ sealed }) => sealed)).toBe(false);
    const row = askedQuestions.apply(undefined, asked, 'q1', stored);
    expect(row && askedQuestions.indexes?.(row, 'q1')).toEqual({ clientId: 'c1', waiting: 'yes' });
  });
});
