// parsers.js DIRECTORY SECONDS FILTER...: filters per second of the parsers in DIRECTORY/node_modules.
const path = require('path')
const [directory, seconds, ...filters] = process.argv.slice(2)
const load = name => require(path.join(directory, 'node_modules', name))
const parseFilter = load('scim2-parse-filter')
const queryFilter = load('scim-query-filter-parser')
const parsers = {
  'scim2-parse-filter (npm), parse and print': text => parseFilter.stringify(parseFilter.parse(text)),
  'scim-query-filter-parser (npm), parse': queryFilter.compileFilter,
}

function rate(parse, filter, length) {
  const start = process.hrtime.bigint()
  let n = 0
  let elapsed
  do {
    for (let i = 0; i < 100; i++) parse(filter)
    n += 100
    elapsed = Number(process.hrtime.bigint() - start) / 1e9
  } while (elapsed < length)
  return n / elapsed
}

for (const [name, parse] of Object.entries(parsers)) {
  const rates = filters.map(filter => {
    rate(parse, filter, seconds / 4) // lets the compiler see it
    return rate(parse, filter, Number(seconds)).toFixed(0)
  })
  console.log([name, ...rates].join('\t'))
}
