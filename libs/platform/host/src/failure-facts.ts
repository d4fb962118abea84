/** What operators are told of a failure: its kind, and which setting mends it where an engine is the cause; nothing of its text. */
import { engineTroubleOf } from '@convenant/kernel';

/** The kind of error and nothing of its text, which could quote what it stumbled over. */
export const errorName = (error: unknown): string => (error instanceof Error ? error.name : typeof error);

/** For a note. `trouble`, `setting` and `reason` are there when an engine is known to be the cause. */
export function failureFacts(error: unknown): Readonly<Record<string, string>> {
  const trouble = engineTroubleOf(error);
  if (!trouble) return { error: errorName(error) };
  const { code, setting, reason } = trouble;
  return { error: errorName(error), trouble: code, setting, reason };
}
