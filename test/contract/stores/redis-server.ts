import { connect } from 'node:net'
import { join } from 'node:path'
import { makeRunFolder, removeRunFolder } from '../real/run-folder'
import { findPrograms } from './programs'
import { StoreProcess } from './store-process'
import type { StoreKind } from './store-servers'

const PROBE_MS = 1000

export const REDIS: StoreKind = {
  image: 'redis:7.4-alpine',
  imagePort: 6379,
  probe: answersPing,
  startHere: async port => {
    const { folder, env, origin } = await findPrograms(['redis-server'], 'redis-server')
    const data = await makeRunFolder('redis')
    const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', data, '--save', '', '--appendonly', 'no']
    try {
      const server = await StoreProcess.start(join(folder, 'redis-server'), args, {
        env,
        probe: () => answersPing(port),
      })
      return { origin, stop: () => server.stop().finally(() => removeRunFolder(data)) }
    } catch (error) {
      await removeRunFolder(data)
      throw error
    }
  },
}

function answersPing(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: PROBE_MS }, () => socket.write('PING\r\n'))
    const fail = (why: string): void => void socket.destroy(new Error(why))
    socket.once('timeout', () => fail('no answer to PING'))
    socket.once('error', reject)
    socket.once('close', () => reject(new Error('closed before it answered')))
    socket.once('data', (answer: Buffer) => {
      if (!answer.toString().startsWith('+PONG')) return fail(`it answered ${answer.toString().slice(0, 80)} to PING`)
      resolve()
      socket.destroy()
    })
  })
}
