/** Shows GraphiQL against the gateway that served this page. */
import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';

const fetcher = createGraphiQLFetcher({ url: new URL('/graphql', location.origin).href });
createRoot(document.getElementById('graphiql')).render(createElement(GraphiQL, { fetcher }));
