/** What @convenant/municipality-domain offers to other projects. */

export {};
