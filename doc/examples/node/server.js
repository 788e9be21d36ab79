// scim in a Node application: the application reads the bytes, scim.request does
// the rest.  Run it with PGHOST, PGUSER, PGDATABASE and PORT; the login role needs
// what conf/postgrest.sql grants to scim_client.
const http = require('http');
const { Pool } = require('pg');

const pool = new Pool();
// A connection may die at any time; the next request gets another one.
pool.on('connect', (db) => db.on('error', (error) => console.error(error.message)));
pool.on('error', () => {});

// An error of the application's own looks like those of scim.request.
function refuse(response, status, detail, headers) {
  response.writeHead(status, { 'Content-Type': 'application/scim+json', ...headers });
  response.end(JSON.stringify({
    schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], detail, status: String(status) }));
}

async function scim(request, response) {
  const body = [];
  for await (const chunk of request) body.push(chunk);
  const db = await pool.connect();
  try {
    await db.query('BEGIN');
    const { rows: [{ tenant }] } = await db.query(
      'SELECT scim.authenticate($1) AS tenant', [request.headers.authorization]);
    if (tenant === null) {
      await db.query('ROLLBACK');
      return refuse(response, 401, 'missing, invalid or expired bearer token',
        { 'WWW-Authenticate': 'Bearer realm="scim"' });
    }
    // who acts is proved from here on, until the transaction ends
    const { rows: [answer] } = await db.query(
      'SELECT status, headers, body FROM scim.request($1, $2, $3, $4::bytea)',
      [request.method, request.url, request.headers, Buffer.concat(body)]);
    await db.query('COMMIT');
    response.writeHead(answer.status, answer.headers).end(answer.body ?? undefined);
    db.release();
  } catch (error) {
    db.release(error);      // closed, whatever is the matter with it
    throw error;
  }
}

http.createServer((request, response) => {
  scim(request, response).catch((error) => {
    console.error(error.message);
    refuse(response, 503, 'service temporarily unavailable', { 'Retry-After': '1' });
  });
}).listen(Number(process.env.PORT ?? 8080), '127.0.0.1');
