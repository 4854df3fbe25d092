import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Emulator } from '../../lib/emulator/emulator'
import { Producer } from '../../lib/producer/producer'
import { encodeText } from '../../lib/wire/charset'
import { CliProcess, jsonLines, runCli } from '../support/cli-process'

const TOPIC = 'Orders'
const QUEUES = 2
const FULL_DISK = '/dev/full'

let emulator: Emulator
let producer: Producer
let env: { NAMESRV_ADDR: string }

beforeEach(async () => {
  emulator = await Emulator.start({ topics: { [TOPIC]: QUEUES } })
  env = { NAMESRV_ADDR: emulator.namesrvAddr }
  producer = new Producer({ namesrvAddr: emulator.namesrvAddr, producerGroup: 'test' })
  await producer.start()
})

afterEach(async () => {
  await producer.shutdown()
  await emulator.shutdown()
})

async function send(...bodies: readonly string[]): Promise<void> {
  for (const body of bodies) await producer.send({ topic: TOPIC, body }, { shardingKey: 'all in one queue' })
}

const consume = (...args: readonly string[]) => runCli(['consume', TOPIC, '--group', 'readers', ...args], { env })

function committed(): number {
  const offsets = Array.from({ length: QUEUES }, (_, queueId) => emulator.consumerOffset('readers', TOPIC, { queueId }))
  return offsets.reduce<number>((sum, offset) => sum + (offset ?? 0), 0)
}

describe('rocketwire consume', () => {
  it('prints a JSON line per message, with its body as text, and a summary', async () => {
    await producer.send({ topic: TOPIC, tags: 'paid', keys: ['k1', 'k2'], properties: { region: 'eu' }, body: '你好' })
    const { code, lines } = await consume('--from', 'first', '--count', '1', '--json')
    const { items, summary } = jsonLines(lines)
    expect(code).toBe(0)
    expect(items).toEqual([expect.objectContaining({ topic: TOPIC, tags: 'paid', keys: ['k1', 'k2'], body: '你好' })])
    expect(items[0]).toMatchObject({ queueOffset: 0, reconsumeTimes: 0, properties: { region: 'eu' } })
    expect(summary).toEqual({ received: 1, failed: 0, seconds: expect.any(Number), perSecond: expect.any(Number) })
  })

  it('ends after --count messages and leaves the others to the next member, untouched', async () => {
    await send('1', '2', '3', '4', '5')
    const first = jsonLines((await consume('--from', 'first', '--count', '2', '--json')).lines)
    expect(first.items.map(({ body }) => body)).toEqual(['1', '2'])
    expect(committed()).toBe(2)
    const second = jsonLines((await consume('--count', '3', '--json')).lines)
    expect(second.items.map(({ body, reconsumeTimes }) => [body, reconsumeTimes])).toEqual([
      ['3', 0],
      ['4', 0],
      ['5', 0],
    ])
  })

  it.each(['none', 'queue', 'key'])('receives all messages of a queue in order with --ordered %s', async ordered => {
    const bodies = Array.from({ length: 100 }, (_, i) => `message ${i}`)
    await send(...bodies)
    const { code, lines } = await consume('--from', 'first', '--count', '100', '--ordered', ordered, '--json')
    expect(code).toBe(0)
    expect(jsonLines(lines).items.map(({ body }) => body)).toEqual(bodies)
  })

  it.each([
    [[], 'CONSUME_FROM_LAST_OFFSET'],
    [['--from', 'last'], 'CONSUME_FROM_LAST_OFFSET'],
    [['--from', 'first'], 'CONSUME_FROM_FIRST_OFFSET'],
    [['--from', '2026-01-31T08:00:00Z'], 'CONSUME_FROM_TIMESTAMP'],
  ])('asks for its beginning as told by %j', async (args, consumeFromWhere) => {
    const heard = emulator.received('HEART_BEAT', ({ body }) => body.consumerDataSet.length > 0)
    expect((await consume(...args, '--timeout-ms', '1')).code).toBe(0)
    expect((await heard).body.consumerDataSet).toMatchObject([{ groupName: 'readers', consumeFromWhere }])
  })

  it('receives only the tags of its expression', async () => {
    for (const tags of ['paid', 'open', 'refunded']) await producer.send({ topic: TOPIC, tags, body: tags })
    const { lines } = await consume('--from', 'first', '--expression', 'paid || refunded', '--count', '2', '--json')
    expect(
      jsonLines(lines)
        .items.map(({ tags }) => tags)
        .toSorted(),
    ).toEqual(['paid', 'refunded'])
  })

  it('receives only what its condition is true of', async () => {
    for (const amount of ['5', '50', '500']) await producer.send({ topic: TOPIC, properties: { amount }, body: amount })
    const { lines } = await consume('--from', 'first', '--sql', 'amount > 10', '--count', '2', '--json')
    const bodies = jsonLines(lines).items.map(({ body }) => body)
    expect(bodies.toSorted()).toEqual(['50', '500'])
  })

  it.each([
    [['--sql', 'amount >'], /INVALID_EXPRESSION: .*does not understand the SQL92 expression 'amount >'/],
    [['--sql', ' '], /It is blank/],
    [['--sql', 'amount > 10', '--expression', 'paid'], /cannot be used with option '--expression/],
  ])('says what is wrong with %j', async (args, says) => {
    const { code, errors } = await consume(...args)
    expect([code, errors]).toEqual([2, expect.stringMatching(says)])
  })

  it('gets all messages as a broadcasting consumer', async () => {
    const args = ['consume', TOPIC, '--model', 'broadcasting', '--group', 'all', '--count', '1', '--json']
    // Broadcasting keeps its offsets in the home folder.
    const home = await mkdtemp(join(tmpdir(), 'rocketwire-'))
    const cli = new CliProcess(args, { env: { ...env, HOME: home, USERPROFILE: home } })
    await emulator.received('PULL_MESSAGE', ({ header }) => header.consumerGroup === 'all')
    for (let i = 0; i < QUEUES; i++) await producer.send({ topic: TOPIC, body: 'to all' })
    expect(jsonLines((await cli.ended).lines).summary).toMatchObject({ received: 1 })
    expect(emulator.consumerOffset('all', TOPIC)).toBeUndefined()
    await rm(home, { recursive: true })
  })

  it.each([
    ['gbk', '订单'],
    ['shift_jis', 'こんにちは'],
  ])('reads bodies in %s', async (encoding, text) => {
    await producer.send({ topic: TOPIC, body: encodeText(text, encoding) })
    const { lines } = await consume('--from', 'first', '--count', '1', '--encoding', encoding, '--json')
    expect(jsonLines(lines).items[0]).toMatchObject({ body: text })
  })

  it('gives the exact bytes in base64', async () => {
    const body = Buffer.from([0, 255, 254, 10])
    await producer.send({ topic: TOPIC, body })
    const { lines } = await consume('--from', 'first', '--count', '1', '--encoding', 'base64', '--json')
    expect(jsonLines(lines).items[0]).toMatchObject({ body: body.toString('base64') })
  })

  it('prints readable lines in which no message can steer the terminal, and a table of queues', async () => {
    await producer.send({ topic: TOPIC, tags: 'paid', keys: 'k1', body: 'red \u001b[31m\n你好' })
    const { lines } = await consume('--from', 'first', '--count', '1')
    expect(lines[0]).toMatch(/^broker-a\/\d at 0 {2}\[tag paid, key k1\] {2}red \\u001b\[31m\\u000a你好$/)
    expect(lines.join('\n')).toMatch(/│ broker-a\/\d │ +1 │ +0 │ +0 │/)
    expect(lines.at(-1)).toMatch(/^1 received, 0 failed in [\d.]+ s \([\d.]+ per second\)$/)
  })

  it('ends with 1 where fewer messages than --count come in time', async () => {
    await send('only one')
    const { code, lines } = await consume('--from', 'first', '--count', '2', '--timeout-ms', '400', '--json')
    expect(code).toBe(1)
    expect(jsonLines(lines).summary).toMatchObject({ received: 1, failed: 0 })
    expect(committed()).toBe(1)
  })

  it('ends with 0 when its time is up and no number was asked for', async () => {
    expect((await consume('--timeout-ms', '100', '--json')).code).toBe(0)
  })

  it.each([
    ['without --count, as its ordinary end', [], 'SIGINT', 0],
    ['without --count, as its ordinary end', [], 'SIGTERM', 0],
    ['before --count is reached', ['--count', '10'], 'SIGINT', 130],
    ['before --count is reached', ['--count', '10'], 'SIGTERM', 143],
  ] as const)('commits and prints the summary when it is interrupted %s', async (_, args, signal, exitCode) => {
    await send('1', '2', '3')
    const readers = ['consume', TOPIC, '--group', 'readers', '--from', 'first', '--json']
    const cli = new CliProcess([...readers, ...args], { env })
    await cli.line(/"body":"3"/)
    cli.signal(signal)
    const { code, lines } = await cli.ended
    expect(code).toBe(exitCode)
    expect(jsonLines(lines).summary).toMatchObject({ received: 3, failed: 0 })
    expect(committed()).toBe(3)
  })

  it('says once that a broker is away, and goes on when it is back', async () => {
    await send('before')
    const cli = new CliProcess(['consume', TOPIC, '--group', 'readers', '--from', 'first', '--count', '2', '--json'], {
      env,
    })
    await cli.line(/"body":"before"/)
    const [broker] = emulator.brokers
    await broker?.stop()
    await cli.error(/CONNECT_FAILED.*PULL_MESSAGE/)
    await broker?.start()
    await send('after')
    const { code, lines, errors } = await cli.ended
    expect(code).toBe(0)
    expect(jsonLines(lines).items.map(({ body }) => body)).toEqual(['before', 'after'])
    expect(errors.match(/CONNECT_FAILED.*PULL_MESSAGE/g)).toHaveLength(1)
  })

  it('ends when nobody reads its output any more', async () => {
    await send('1')
    const cli = new CliProcess(['consume', TOPIC, '--group', 'readers', '--from', 'first', '--json'], { env })
    await cli.line(/"body":"1"/)
    cli.closeOutput()
    await send('2', '3')
    expect((await cli.ended).code).toBe(0)
  })

  it('ends with 141 when its output is closed before --count is reached', async () => {
    await send('1')
    const args = ['consume', TOPIC, '--group', 'readers', '--from', 'first', '--count', '10', '--json']
    const cli = new CliProcess(args, { env })
    await cli.line(/"body":"1"/)
    cli.closeOutput()
    await send('2', '3')
    expect((await cli.ended).code).toBe(141)
    expect(committed()).toBe(1)
  })

  const itOnFullDisk = existsSync(FULL_DISK) ? it : it.skip
  itOnFullDisk('leaves to the group what its output has no room for', async () => {
    await send('1', '2')
    const args = ['consume', TOPIC, '--group', 'readers', '--from', 'first', '--json']
    const { code, errors } = await runCli(args, { env, output: FULL_DISK })
    expect({ code, errors }).toEqual({ code: 1, errors: expect.stringMatching(/^rocketwire: .*ENOSPC.*\n$/) })
    expect(committed()).toBe(0)
  })

  it('prints the error and the summary as JSON lines where no name server can be reached', async () => {
    const { code, lines, errors } = await consume('--namesrv', '127.0.0.1:1', '--json')
    const { items, summary } = jsonLines(lines)
    expect(code).toBe(1)
    expect(items).toEqual([{ error: expect.objectContaining({ code: 'NO_NAME_SERVER', retriable: true }) }])
    expect(summary).toEqual({ received: 0, failed: 0, seconds: expect.any(Number), perSecond: 0 })
    expect(errors).toMatch(/^rocketwire: NO_NAME_SERVER: .*127\.0\.0\.1:1/)
  })

  it('says that there is nothing to read where the topic does not exist', async () => {
    const args = ['consume', 'Unknown', '--group', 'readers', '--timeout-ms', '100', '--json']
    const { code, lines, errors } = await runCli(args, { env })
    expect(errors).toMatch(/nothing to read from Unknown yet: the topic does not exist, or /)
    expect([code, lines.length]).toEqual([0, 1])
    expect((await consume('--timeout-ms', '100')).errors).toBe('')
  })

  it.each([
    ['no group', [], /--group <group>' not specified/],
    ['a wrong group', ['--group', 'a b'], /INVALID_GROUP/],
    ['a wrong expression', ['--group', 'g', '--expression', '||'], /INVALID_EXPRESSION/],
    ['an unknown encoding', ['--group', 'g', '--encoding', 'klingon'], /"klingon" is not known/],
    ['a start that is no time', ['--group', 'g', '--from', 'yesterday'], /first, last or a time/],
    ['an unknown model', ['--group', 'g', '--model', 'x'], /choices are clustering, broadcasting/],
    ['an unknown order', ['--group', 'g', '--ordered', 'keys'], /choices are none, queue, key/],
  ])('ends with 2 and says so for %s', async (_, args, says) => {
    const { code, lines, errors } = await runCli(['consume', TOPIC, ...args], { env })
    expect({ code, lines }).toEqual({ code: 2, lines: [] })
    expect(errors).toMatch(says)
  })
})
