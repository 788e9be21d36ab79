// scimmy.js DIRECTORY PORT TOKEN: SCIMMY behind express, as its manual has it, with people and groups in memory.
// The packages are in DIRECTORY/node_modules.
const path = require('path')
const {randomUUID} = require('crypto')
const [directory, port, token] = process.argv.slice(2)
const load = name => require(path.join(directory, 'node_modules', name))
const express = load('express')
const SCIMMY = load('scimmy').default ?? load('scimmy')
const SCIMMYRouters = load('scimmy-routers').default ?? load('scimmy-routers')

// A store of one type; names are unique without regard to case, as an application would see to it.
function declare(type, nameOf) {
  const stored = new Map()
  const names = new Map()
  SCIMMY.Resources.declare(type, {
    ingress: (resource, data) => {
      const now = new Date()
      const id = resource.id ?? randomUUID()
      const name = nameOf(data)?.toLowerCase()
      const former = stored.get(id)
      if (resource.id && !former) throw new SCIMMY.Types.Error(404, null, `Resource ${id} not found`)
      if (name && names.has(name) && names.get(name) !== id)
        throw new SCIMMY.Types.Error(409, 'uniqueness', `${name} is taken`)
      if (former && nameOf(former)) names.delete(nameOf(former).toLowerCase())
      if (name) names.set(name, id)
      const kept = {...JSON.parse(JSON.stringify(data)), id, meta: {created: former?.meta.created ?? now, lastModified: now}}
      stored.set(id, kept)
      return kept
    },
    egress: resource => {
      if (resource.id) {
        if (!stored.has(resource.id)) throw new SCIMMY.Types.Error(404, null, `Resource ${resource.id} not found`)
        return stored.get(resource.id)
      }
      const all = [...stored.values()]
      return resource.filter ? resource.filter.match(all) : all
    },
    degress: resource => {
      const former = stored.get(resource.id)
      if (!former) throw new SCIMMY.Types.Error(404, null, `Resource ${resource.id} not found`)
      if (nameOf(former)) names.delete(nameOf(former).toLowerCase())
      stored.delete(resource.id)
    },
  })
}

declare(SCIMMY.Resources.User, user => user.userName)
declare(SCIMMY.Resources.Group, () => undefined)

express()
  .use('/scim/v2', new SCIMMYRouters({
    type: 'bearer',
    handler: request => {
      if (request.header('Authorization') !== `Bearer ${token}`) throw new Error('no such token')
      return 'bench'
    },
  }))
  .listen(Number(port), '127.0.0.1')
