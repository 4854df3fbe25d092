import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type * as emulation from '../lib/emulator'
import type * as library from '../lib'
import { packageRoot } from './support/package-root'

/** Sends and reads a large LZ4 body, and tells how many threads were started for it; ends when nothing holds the process. */
const PROGRAM = `
  const topic = 'Orders'
  const emulator = await Emulator.start({ topics: { Orders: 1 } })
  const { namesrvAddr } = emulator
  const producer = new Producer({ namesrvAddr, producerGroup: 'p', compressType: 'LZ4' })
  const consumer = new PushConsumer({ namesrvAddr, consumerGroup: 'c', consumeFromWhere: 'CONSUME_FROM_FIRST_OFFSET' })
  await producer.start()
  // Bytes that hardly repeat, so that what is sent is large, too.
  const body = Buffer.from(Array.from({ length: 200000 }, (_, i) => (Math.imul(i, 2654435761) >>> 24) & 0x3f))
  const received = new Promise(resolve => consumer.subscribe(topic).consumeEach(message => resolve(Buffer.from(message.body))))
  await consumer.start()
  await producer.send({ topic, body })
  // Linux knows it of each thread: its place is the 17th behind the name.
  const nice = String(Math.min(19, getPriority() + 10))
  const niced = process.platform !== 'linux' || readdirSync('/proc/self/task').some(
    thread => readFileSync('/proc/self/task/' + thread + '/stat', 'utf8').split(') ')[1].split(' ')[16] === nice)
  const same = (await received).equals(body)
  await Promise.all([producer.shutdown(), consumer.shutdown()])
  await emulator.shutdown()
  console.log(JSON.stringify({ same, threads: started > 0, niced }))
`
const COUNT_THREADS = `
  const { readFileSync, readdirSync } = require('node:fs')
  const { getPriority } = require('node:os')
  const threads = require('node:worker_threads')
  let started = 0
  threads.Worker = class extends threads.Worker { constructor(...args) { super(...args); started++ } }
`
const COMMON_JS = `${COUNT_THREADS}
  const { Producer, PushConsumer } = require('rocketwire')
  const { Emulator } = require('rocketwire/emulator')
  ;(async () => { ${PROGRAM} })()
`
const MODULE = `
  import { createRequire } from 'node:module'
  const require = createRequire(import.meta.url)
  ${COUNT_THREADS}
  const { Producer, PushConsumer } = await import('rocketwire')
  const { Emulator } = await import('rocketwire/emulator')
  ${PROGRAM}
`

describe('the built package', () => {
  it.each([
    ['CommonJS', 'commonjs', COMMON_JS],
    ['ES modules', 'module', MODULE],
  ])('compresses in threads of its own behind the event loop, and holds no process up: %s', (_kind, type, program) => {
    const args = [`--input-type=${type}`, '-e', program]
    const { stdout, stderr, status } = spawnSync(process.execPath, args, {
      cwd: packageRoot(),
      encoding: 'utf8',
      timeout: 25_000,
    })
    expect({ stdout, stderr, status }).toEqual({
      stdout: '{"same":true,"threads":true,"niced":true}\n',
      stderr: '',
      status: 0,
    })
  })

  it.each(['', '/emulator', '/stores', '/otel', '/prometheus', '/nestjs'])(
    'has classes named as they are exported: %s',
    entry => {
      const exported = Object.entries(require(`rocketwire${entry}`) as Record<string, unknown>)
      const named = exported.flatMap(([key, value]) => (typeof value === 'function' ? [[key, value.name]] : []))
      expect(named.length).toBeGreaterThan(0)
      expect(named.filter(([key, name]) => key !== name)).toEqual([])
    },
  )

  it('has one class of each, whatever it is imported by', () => {
    const { RocketMQError } = require('rocketwire') as { RocketMQError: new () => Error }
    const { Emulator } = require('rocketwire/emulator') as { Emulator: { start(options: object): Promise<unknown> } }
    return expect(Emulator.start({ brokers: -1 })).rejects.toBeInstanceOf(RocketMQError)
  })
})

describe('the built package in a test runner', () => {
  const { Producer } = require('rocketwire') as typeof library
  const { Emulator } = require('rocketwire/emulator') as typeof emulation
  const credentials = { accessKey: 'rocketwire', secretKey: '12345678' }
  let emulator: emulation.Emulator
  let producer: library.Producer

  beforeAll(async () => {
    emulator = await Emulator.start({ accounts: [{ ...credentials, admin: true }] })
    producer = new Producer({ namesrvAddr: emulator.namesrvAddr, producerGroup: 'p', credentials, tls: false })
    await producer.start()
  })
  afterAll(async () => {
    await producer.shutdown()
    await emulator.shutdown()
  })

  it.each(['library', 'emulator'])('takes what it loads late from the process: %s', file => {
    // Jest forbids a `require` between tests, when clients go on working.
    const text = readFileSync(join(packageRoot(), `dist/${file}.js`), 'utf8')
    expect(/process\.getBuiltinModule\(\s*"node:tls"/.test(text)).toBe(true)
    expect(/require\(\s*"node:(?:crypto|tls|fs\/promises)"/.test(text)).toBe(false)
    expect(text.slice(0, 12)).toBe('"use strict"')
  })

  it('starts and signs', async () => {
    await expect(producer.send({ topic: 'Orders', body: 'a' })).resolves.toMatchObject({ sendStatus: 'SEND_OK' })
  })
})
