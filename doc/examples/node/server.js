// scim in a Node application: the application reads the bytes, scim.request does
// the rest.  Run it with PGHOST, PGUSER, PGDATABASE and PORT; the login role needs
// what conf/postgrest.sql grants to scim_client.
const http = require('http');
const { Pool } = require('pg');

const pool = new Pool();

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
      return response.writeHead(401, { 'WWW-Authenticate': 'Bearer realm="scim"' }).end();
    }
    await db.query("SELECT set_config('scim.tenant', $1, true)", [String(tenant)]);
    const { rows: [answer] } = await db.query(
      'SELECT status, headers, body FROM scim.request($1, $2, $3, $4::bytea)',
      [request.method, request.url, request.headers, Buffer.concat(body)]);
    await db.query('COMMIT');
    response.writeHead(answer.status, answer.headers).end(answer.body ?? undefined);
  } catch (error) {
    await db.query('ROLLBACK').catch(() => {});
    throw error;
  } finally {
    db.release();
  }
}

http.createServer((request, response) => {
  scim(request, response).catch((error) => {
    console.error(error.message);
    response.writeHead(503, { 'Retry-After': '1' }).end();
  });
}).listen(Number(process.env.PORT ?? 8080), '127.0.0.1');
