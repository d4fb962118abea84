/** What holds for a medical question at the treating side (U11). */
import { describe, expect, it } from '@jest/globals';
import { accept, fold, refuse, type Sealed } from '@convenant/kernel';
import { brokenHistory, changedBySecondTime, given } from '@convenant/shared-domain';
import fc from 'fast-check';
import history from './medical-question.history.json' with { type: 'json' };
import {
  answerInput,
  medicalQuestion,
  medicalQuestionEvents,
  type AnsweredQuestion,
  type MedicalQuestionCommand,
  type MedicalQuestionEvent,
} from './medical-question.js';
import { answersToRead, questionsToAnswer } from './questions-to-answer.js';

const at = '2026-03-10T09:00:00.000Z';
const ids = { questionId: 'q1', clientId: 'c1' };
const receive = {
  type: 'ReceiveMedicalQuestion',
  ...ids,
  from: 'uwv',
  role: 'insurancePhysician',
  askedOn: '2026-03-02',
  expectedBy: '2026-03-16',
  consentId: 'k1',
  question: 'q' as Sealed<string>,
  at,
} as const;
const received: MedicalQuestionEvent = { ...receive, type: 'MedicalQuestionReceived' };
const draft = (draftId: string) =>
  ({ type: 'DraftAnswer', draftId, by: 'dr-vos', answers: 'a' as Sealed<readonly AnsweredQuestion[]>, at }) as const;
const offer = (draftId: string) => ({ type: 'OfferAnswerToClient', draftId, by: 'dr-vos', at }) as const;
const read = (draftId: string) => ({ type: 'ReadAnswer', draftId, by: 'client', at }) as const;
const release = (draftId: string) => ({ type: 'ReleaseAnswer', draftId, by: 'dr-vos', on: '2026-03-10', at }) as const;
const decline = { type: 'DeclineQuestion', by: 'dr-vos', at } as const;
/** The events after these commands, each accepted. */
const after = (...commands: MedicalQuestionCommand[]): MedicalQuestionEvent[] =>
  commands.reduce<MedicalQuestionEvent[]>(
    (events, command) => {
      const decision = medicalQuestion.decide(command, fold(medicalQuestion, events));
      return 'accepted' in decision ? [...events, ...decision.accepted] : events;
    },
    [received],
  );

describe('a medical question at the treating side', () => {
  it('is received once', () => {
    expect(given(medicalQuestion, []).when(receive)).toEqual(accept(received));
    expect(given(medicalQuestion, [received]).when(receive)).toEqual(accept());
    expect(given(medicalQuestion, [received]).when({ ...receive, clientId: 'c2' })).toEqual(
      refuse('question-already-known'),
    );
  });
  it('refuses an answer to a question that nobody asked', () => {
    expect(given(medicalQuestion, []).when(draft('d1'))).toEqual(refuse('question-unknown'));
  });
  it('releases nothing that was not written', () => {
    expect(given(medicalQuestion, [received]).when(release('d1'))).toEqual(refuse('draft-unknown'));
  });
  it('releases an answer only after the client has read it', () => {
    expect(given(medicalQuestion, after(draft('d1'))).when(release('d1'))).toEqual(refuse('not-read-by-client'));
    expect(given(medicalQuestion, after(draft('d1'), offer('d1'))).when(release('d1'))).toEqual(
      refuse('not-read-by-client'),
    );
    const released = given(medicalQuestion, after(draft('d1'), offer('d1'), read('d1'))).when(release('d1'));
    expect(released).toEqual(
      accept({ type: 'AnswerReleased', ...ids, consentId: 'k1', draftId: 'd1', by: 'dr-vos', on: '2026-03-10', at }),
    );
  });
  it('does not let her read what was not put before her', () => {
    expect(given(medicalQuestion, after(draft('d1'))).when(read('d1'))).toEqual(refuse('not-offered'));
  });
  it('asks her to read again after an edit', () => {
    const edited = given(medicalQuestion, after(draft('d1'), offer('d1'), read('d1'), draft('d2')));
    expect(edited.when(release('d1'))).toEqual(refuse('draft-replaced'));
    expect(edited.when(release('d2'))).toEqual(refuse('not-read-by-client'));
  });
  it('changes nothing any more after it was released', () => {
    const released = given(medicalQuestion, after(draft('d1'), offer('d1'), read('d1'), release('d1')));
    expect(released.when(draft('d2'))).toEqual(refuse('already-released'));
    expect(released.when(decline)).toEqual(refuse('already-released'));
  });
  it('releases nothing after it was declined', () => {
    const declined = given(medicalQuestion, after(draft('d1'), offer('d1'), read('d1'), decline));
    expect(declined.when(release('d1'))).toEqual(refuse('question-declined'));
    expect(declined.when(draft('d2'))).toEqual(refuse('question-declined'));
  });
  it('never releases without a reading of that very draft, whatever comes in whatever order', () => {
    const pool = ['d1', 'd2'].flatMap((id) => [draft(id), offer(id), read(id), release(id), decline]);
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pool), { maxLength: 40 }), (commands) => {
        const events = after(...commands);
        const at = events.findIndex(({ type }) => type === 'AnswerReleased');
        if (at < 0) return true;
        const before = events.slice(0, at);
        const lastDraft = before.map(({ type }) => type).lastIndexOf('AnswerDrafted');
        return (
          before.slice(lastDraft).some(({ type }) => type === 'AnswerReadByClient') &&
          !before.some(({ type }) => type === 'QuestionDeclined')
        );
      }),
    );
  });
  it('changes nothing when any command comes twice', () => {
    const pool: MedicalQuestionCommand[] = [
      receive,
      decline,
      ...['d1', 'd2'].flatMap((id) => [draft(id), offer(id), read(id), release(id)]),
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
  it('takes an answer to each question, and no empty one', () => {
    expect(answerInput.safeParse({ answers: [] }).success).toBe(false);
    expect(answerInput.safeParse({ answers: [{ question: 'Sinds wanneer?', answer: 'Sinds 2024.' }] }).success).toBe(
      true,
    );
  });
});

describe('the lists of questions', () => {
  const rowAfter = (...commands: MedicalQuestionCommand[]) =>
    after(...commands).reduce(
      (row, event) => questionsToAnswer.apply(row, event, 'q1', {} as never),
      undefined as ReturnType<typeof questionsToAnswer.apply>,
    );
  it('keep a question with the clinician until it is released or declined', () => {
    const open = rowAfter(draft('d1'));
    const declined = rowAfter(decline);
    expect(open && questionsToAnswer.indexes?.(open, 'q1')).toEqual({ clientId: 'c1', open: 'yes' });
    expect(declined && questionsToAnswer.indexes?.(declined, 'q1')).toEqual({ clientId: 'c1' });
  });
  it('show the client an answer from the moment it is put before her', () => {
    const drafted = rowAfter(draft('d1'));
    const offered = rowAfter(draft('d1'), offer('d1'));
    expect(drafted && answersToRead.indexes?.(drafted, 'q1')).toEqual({});
    expect(offered && answersToRead.indexes?.(offered, 'q1')).toEqual({ clientId: 'c1' });
  });
});
