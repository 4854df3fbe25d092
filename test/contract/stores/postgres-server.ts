import { chown, mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { mustRun } from '../real/run-command'
import { removeRunFolder } from '../real/run-folder'
import { findPrograms } from './programs'
import { StoreProcess } from './store-process'
import type { StoreKind } from './store-servers'

/** How the tests log in; the server takes connections of this host alone, and its data is thrown away. */
export const POSTGRES_LOGIN = { host: '127.0.0.1', user: 'postgres', password: 'tests', database: 'postgres' }

interface User {
  readonly uid: number
  readonly gid: number
}

export const POSTGRESQL: StoreKind = {
  image: 'postgres:17-alpine',
  imagePort: 5432,
  imageEnvironment: { POSTGRES_PASSWORD: POSTGRES_LOGIN.password },
  probe: answersQueries,
  startHere: async port => {
    const { folder, env, origin } = await findPrograms(['initdb', 'postgres'], 'postgresql')
    const user = await serverUser()
    // Another user cannot look into the folder of the run.
    const data = await mkdtemp(join(tmpdir(), 'rocketwire-postgresql-'))
    try {
      if (user !== undefined) await chown(data, user.uid, user.gid)
      const init = ['--pgdata', data, '--username', 'postgres', '--auth', 'trust', '--no-sync', '--encoding', 'UTF8']
      await mustRun(join(folder, 'initdb'), [...init, '--locale', 'C'], { env, cwd: data, ...user })
      const settings = [
        `port=${port}`,
        'listen_addresses=127.0.0.1',
        'unix_socket_directories=',
        'fsync=off',
        'jit=off',
      ]
      const args = ['-D', data, ...settings.flatMap(setting => ['-c', setting])]
      const probe = (): Promise<void> => answersQueries(port)
      const server = await StoreProcess.start(join(folder, 'postgres'), args, { env, probe, ...user })
      return { origin, stop: () => server.stop().finally(() => removeRunFolder(data)) }
    } catch (error) {
      await removeRunFolder(data)
      throw error
    }
  },
}

/** PostgreSQL refuses to run as root. */
async function serverUser(): Promise<User | undefined> {
  if (process.geteuid?.() !== 0) return undefined
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n').map(line => line.split(':'))
  const line = ['postgres', 'nobody'].map(name => lines.find(([first]) => first === name)).find(Boolean)
  if (line === undefined) throw new Error('PostgreSQL does not run as root, and there is no user postgres or nobody')
  return { uid: Number(line[2]), gid: Number(line[3]) }
}

async function answersQueries(port: number): Promise<void> {
  const client = new Client({ ...POSTGRES_LOGIN, port, connectionTimeoutMillis: 2000 })
  // Without a listener a connection that breaks later would end this process.
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query('SELECT 1')
  } finally {
    await client.end().catch(() => undefined)
  }
}
