// Runs an example: npm run example -- NAME
import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = join(dirname(dirname(fileURLToPath(import.meta.url))), 'examples')
const [name = '', ...args] = process.argv.slice(2)
const file = join(folder, `${name}.ts`)
if (name === '' || !existsSync(file)) {
  const names = readdirSync(folder).filter(entry => entry.endsWith('.ts') && !entry.endsWith('.test.ts'))
  console.error(`usage: npm run example -- NAME\nNAME is one of: ${names.map(entry => entry.slice(0, -3)).join(', ')}`)
  process.exit(2)
}
process.argv = [process.argv[0], process.argv[1], file, ...args]
await import('./ts.mjs')
