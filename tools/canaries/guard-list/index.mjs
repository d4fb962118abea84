/** Every guard that the ten rules rest on, each with how to take it out and which tests must then fail. */
import { answeringGuards } from './answering.mjs';
import { askingGuards } from './asking.mjs';
import { decidingGuards } from './deciding.mjs';
import { exchangingGuards } from './exchanging.mjs';
import { keepingGuards } from './keeping.mjs';
import { laneGuards } from './lanes.mjs';
import { workingGuards } from './working.mjs';

/** In the order of the rules. `later` says what a later issue adds, instead of a guard that is not there yet. */
export const guards = [
  ...decidingGuards,
  ...exchangingGuards,
  ...laneGuards,
  ...askingGuards,
  ...answeringGuards,
  ...keepingGuards,
  ...workingGuards,
].sort((one, other) => one.rule - other.rule);
