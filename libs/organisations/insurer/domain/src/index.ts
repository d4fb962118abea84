/** What @convenant/insurer-domain offers to other projects. */

export {};
