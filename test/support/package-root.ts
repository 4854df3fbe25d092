import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The folder of this package's package.json, also when the caller was bundled into another folder of it. */
export function packageRoot(from: string = __dirname): string {
  const file = join(from, 'package.json')
  if (existsSync(file) && /"name":\s*"rocketwire"/.test(readFileSync(file, 'utf8'))) return from
  const parent = dirname(from)
  if (parent === from) throw new Error(`no package.json of rocketwire above ${__dirname}`)
  return packageRoot(parent)
}
