/** What @convenant/app-journeys offers to other projects: playing the story in an installation that they started. */
export { Installation } from './story/installation.js';
export { playStory, type PlayOptions, type StoryResult } from './story/play.js';
