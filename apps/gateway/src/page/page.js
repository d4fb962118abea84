/** Runs the page: who is signed in, which step of the story is at hand, and GraphiQL with that person's token. */
import { ask, schemaFor } from './asking.js';
import { signIn } from './sign-in.js';
import { fillIn, keepFrom, knowPeople } from './story.js';

const element = (id) => document.getElementById(id);
const json = (path) => fetch(path).then((response) => response.json());

const [{ organisations }, operations] = await Promise.all([json('/settings.json'), json('/operations.json')]);
knowPeople(organisations);
/** Sessions by `organisation/account`; in memory, so that going back to somebody asks nothing again. */
const sessions = new Map();
let current;
let step;

const graphiql = window.ReactDOM.createRoot(element('graphiql'));
const nowhere = {
  length: 0,
  getItem: () => null,
  setItem: () => undefined,
  removeItem: () => undefined,
  clear: () => undefined,
};

/** One function for ever: GraphiQL asks for the schema again whenever it gets another one. */
async function fetcher(question) {
  if (!current) return { errors: [{ message: 'Meld u eerst aan. / Sign in first.' }] };
  const { status, answer } = await ask(current, question);
  if (status === 401) forget(current);
  if (step?.keep && question.query?.trim() === step.query.trim()) keepFrom(step.keep, answer.data);
  return answer;
}

function show(schema) {
  graphiql.render(
    window.React.createElement(
      window.GraphiQL,
      {
        fetcher,
        schema,
        storage: nowhere,
        shouldPersistHeaders: false,
        isHeadersEditorEnabled: false,
        defaultEditorToolsVisibility: 'variables',
        defaultQuery:
          '# Kies links een stap, of schrijf zelf een vraag.\n# Choose a step on the left, or write your own question.\n',
      },
      window.React.createElement(window.GraphiQL.Logo, null, ' '),
    ),
  );
}

/** What one person was told is not left on the screen for the next. */
const clearAnswer = () => document.querySelector('.graphiql-response .CodeMirror')?.CodeMirror.setValue('');

/** The editors come without names for whoever cannot see them. */
function nameEditors() {
  const names = {
    '.graphiql-query-editor': 'Vraag (question)',
    '.graphiql-editor-tool': 'Variabelen (variables)',
    '.graphiql-response': 'Antwoord (answer)',
  };
  const named = Object.entries(names).map(([place, name]) => {
    const field = document.querySelector(`${place} textarea`);
    field?.setAttribute('aria-label', name);
    return field;
  });
  if (named.includes(null)) setTimeout(nameEditors, 200);
}

async function become(organisation, person) {
  const key = `${organisation.id}/${person.account}`;
  const before = current;
  const known = sessions.get(key);
  if (!known || known.expiresAt < Date.now() + 30_000) {
    const session = await signIn(organisation, person);
    // Somebody else may have been chosen on the issuer's page: the token says who it is.
    const named = organisation.people.find(({ subject }) => subject && subject === session.subject) ?? person;
    sessions.set(`${organisation.id}/${named.account}`, { ...session, organisation, person: named });
    current = sessions.get(`${organisation.id}/${named.account}`);
  } else current = known;
  if (current !== before) clearAnswer();
  showWho();
  show(await schemaFor(current));
}

function forget(session) {
  for (const [key, each] of sessions) if (each === session) sessions.delete(key);
  if (current === session) current = undefined;
  showWho();
}

function showWho() {
  const { person, organisation } = current ?? {};
  element('who').replaceChildren(
    ...(current
      ? [node('strong', person.name), ` ${person.roleName.nl} · ${organisation.name}`]
      : [both('Niemand aangemeld', 'Nobody signed in', 'nobody')]),
  );
  element('switch').replaceChildren(...(current ? wording('Wisselen', 'Switch') : wording('Aanmelden', 'Sign in')));
  element('leave').hidden = !current;
  for (const button of document.querySelectorAll('#organisations button')) {
    const is = current && button.dataset.who === `${organisation.id}/${person.account}`;
    if (is) button.setAttribute('aria-current', 'true');
    else button.removeAttribute('aria-current');
  }
}

const problems = {
  blocked: [
    'De browser hield het aanmeldvenster tegen. Sta het toe en probeer het opnieuw.',
    'The browser blocked the sign-in window. Allow it and try again.',
  ],
  closed: [
    'Het aanmeldvenster is gesloten. Er is niemand aangemeld.',
    'The sign-in window was closed. Nobody was signed in.',
  ],
  access_denied: ['Het aanmelden is geannuleerd.', 'Signing in was cancelled.'],
};

async function trying(work) {
  element('message').hidden = true;
  try {
    await work();
  } catch (error) {
    const [nl, en] = problems[error.code] ?? [
      'Aanmelden is niet gelukt. Probeer het opnieuw.',
      'Signing in failed. Try again.',
    ];
    element('message').replaceChildren(...wording(nl, en));
    element('message').hidden = false;
  }
}

function listPeople() {
  element('organisations').append(
    ...organisations.map((organisation) => {
      const section = node('section', node('h3', organisation.name));
      const list = document.createElement('ul');
      for (const person of organisation.people) {
        const button = node(
          'button',
          node('strong', person.name),
          node('span', ...wording(person.roleName.nl, person.roleName.en)),
        );
        button.type = 'button';
        button.dataset.who = `${organisation.id}/${person.account}`;
        button.onclick = () => {
          element('people').close();
          void trying(() => become(organisation, person));
        };
        list.append(node('li', button));
      }
      section.append(list);
      return section;
    }),
  );
}

function listStory() {
  element('story').append(
    ...operations.map((operation) => {
      const organisation = organisations.find(({ id }) => id === operation.organisation);
      const person = organisation?.people.find(({ account }) => account === operation.who);
      const who = person ? `${person.name}, ${person.roleName.nl} · ${organisation.name}` : 'wie is aangemeld';
      const button = node('button', node('strong', operation.title), node('span', who));
      button.type = 'button';
      button.onclick = () =>
        void trying(async () => {
          for (const each of document.querySelectorAll('#story button')) each.removeAttribute('aria-current');
          button.setAttribute('aria-current', 'step');
          if (person) await become(organisation, person);
          ready(operation);
        });
      const number = node('span', String(operation.step));
      number.className = 'number';
      return node('li', number, button);
    }),
  );
}

/** Puts the question in the editors and the keyboard where it can be asked. */
function ready(operation) {
  step = operation;
  const [question, variables] = [
    ...document.querySelectorAll('.graphiql-query-editor .CodeMirror, .graphiql-editor-tool .CodeMirror'),
  ];
  question.CodeMirror.setValue(operation.query.trim());
  variables?.CodeMirror.setValue(
    Object.keys(operation.variables ?? {}).length ? JSON.stringify(fillIn(operation.variables), null, 2) : '',
  );
  question.CodeMirror.focus();
}

function node(name, ...content) {
  const made = document.createElement(name);
  made.append(...content);
  return made;
}
function english(text) {
  const made = node('span', text);
  made.lang = 'en';
  return made;
}
const wording = (nl, en) => [`${nl} `, english(en)];
function both(nl, en, className) {
  const made = node('span', ...wording(nl, en));
  made.className = className;
  return made;
}

// In an editor Tab would type a tab, and somebody without a mouse could never leave it again.
document.addEventListener(
  'keydown',
  (event) => {
    if (event.key === 'Tab' && event.target.closest?.('.CodeMirror') && !document.querySelector('.CodeMirror-hints'))
      event.stopImmediatePropagation();
  },
  true,
);
element('switch').onclick = () => element('people').showModal();
element('leave').onclick = () => {
  forget(current);
  clearAnswer();
  show(null);
  element('switch').focus();
};
listPeople();
listStory();
show(null);
nameEditors();
