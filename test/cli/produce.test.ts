import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Emulator } from '../../lib/emulator/emulator'
import { CliProcess, jsonLines, runCli } from '../support/cli-process'

const TOPIC = 'Orders'
const FULL_DISK = '/dev/full'
const SUMMARY = { failed: 0, seconds: expect.any(Number), perSecond: expect.any(Number) }

let emulator: Emulator
let env: { NAMESRV_ADDR: string }

beforeEach(async () => {
  emulator = await Emulator.start({ topics: { [TOPIC]: 4 } })
  env = { NAMESRV_ADDR: emulator.namesrvAddr }
})

afterEach(() => emulator.shutdown())

const produce = (args: readonly string[], input: string | Buffer = '') =>
  runCli(['produce', TOPIC, ...args], { env, input })

const stored = () => emulator.messages(TOPIC)

describe('rocketwire produce', () => {
  it('sends one message with all that the options say of it', async () => {
    const args = ['--body', '你好', '--tag', 'paid', '--key', 'k1', '--key', 'k2', '--sharding-key', 's1']
    const { code } = await produce([...args, '--property', 'region=eu', '--property', 'sum=1+1=2'])
    expect(code).toBe(0)
    const [message] = stored()
    expect(message?.text()).toBe('你好')
    expect(message).toMatchObject({ tags: 'paid', keys: ['k1', 'k2'], shardingKey: 's1' })
    expect(message?.properties).toMatchObject({ region: 'eu', sum: '1+1=2' })
  })

  it('finds the name server by its option too, which beats the variable', async () => {
    const args = ['produce', TOPIC, '--namesrv', emulator.namesrvAddr, '--body', 'x']
    expect((await runCli(args, { env: { NAMESRV_ADDR: '127.0.0.1:1' } })).code).toBe(0)
    expect(stored()).toHaveLength(1)
  })

  it.each(['send', 'async'])('prints a JSON line per result and a summary in mode %s', async mode => {
    const { code, lines, errors } = await produce(['--body', 'x', '--count', '3', '--mode', mode, '--json'])
    const { items, summary } = jsonLines(lines)
    expect({ code, errors }).toEqual({ code: 0, errors: '' })
    expect(items).toHaveLength(3)
    for (const item of items) {
      expect(item).toMatchObject({ sendStatus: 'SEND_OK', messageQueue: { topic: TOPIC, brokerName: 'broker-a' } })
    }
    expect(new Set(items.map(item => item['msgId']))).toEqual(new Set(stored().map(({ msgId }) => msgId)))
    expect(summary).toEqual({ sent: 3, ...SUMMARY })
  })

  it('prints lines without results in mode oneway', async () => {
    const received = emulator.received('SEND_MESSAGE_V2', ({ body }) => String(body) === 'x')
    const { code, lines } = await produce(['--body', 'x', '--mode', 'oneway', '--json'])
    expect(code).toBe(0)
    expect(jsonLines(lines)).toEqual({ items: [{ oneway: true }], summary: { sent: 1, ...SUMMARY } })
    await received
  })

  it('sends up to 32 messages as one batch', async () => {
    const { lines } = await produce(['--size', '10', '--count', '40', '--mode', 'batch', '--json'])
    const { items, summary } = jsonLines(lines)
    expect(items.map(({ msgId }) => String(msgId).split(',').length)).toEqual([32, 8])
    expect(summary).toMatchObject({ sent: 40, failed: 0 })
    expect(stored()).toHaveLength(40)
  })

  it('sends a file byte for byte', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rocketwire-'))
    const bytes = Buffer.from([0, 10, 13, 255, 128])
    await writeFile(join(folder, 'body.bin'), bytes)
    expect((await produce(['--file', join(folder, 'body.bin')])).code).toBe(0)
    await rm(folder, { recursive: true })
    expect(stored().map(({ body }) => body)).toEqual([bytes])
  })

  it('generates bodies of exactly the wanted size', async () => {
    await produce(['--size', '5', '--count', '2'])
    expect(
      stored()
        .map(message => message.text())
        .toSorted(),
    ).toEqual(['1 cde', '2 cde'])
  })

  it('sends every line of standard input that is not empty, whatever its line end', async () => {
    const { code } = await produce([], 'one\r\n\ntwo\nthree')
    expect(code).toBe(0)
    expect(
      stored()
        .map(message => message.text())
        .toSorted(),
    ).toEqual(['one', 'three', 'two'])
  })

  it('sends a line as it comes, before standard input ends', async () => {
    const cli = new CliProcess(['produce', TOPIC, '--json'], { env })
    cli.write('first\n')
    await cli.line(/SEND_OK/)
    expect(stored().map(message => message.text())).toEqual(['first'])
    cli.endInput()
    expect((await cli.ended).code).toBe(0)
  })

  it('keeps the order of lines with one sharding key', async () => {
    const lines = Array.from({ length: 200 }, (_, i) => `line ${i}`)
    await produce(['--sharding-key', 'a'], lines.join('\n'))
    expect(stored().map(message => message.text())).toEqual(lines)
  })

  it('takes no more of standard input than --count', async () => {
    const cli = new CliProcess(['produce', TOPIC, '--count', '2', '--json'], { env })
    cli.write('a\nb\nc\nd\n')
    const { code, lines } = await cli.ended
    expect(code).toBe(0)
    expect(jsonLines(lines).summary).toMatchObject({ sent: 2 })
    expect(stored()).toHaveLength(2)
  })

  it('has at most --concurrency sends without answer', async () => {
    let waiting = 0
    let most = 0
    emulator.control(
      'SEND_MESSAGE_V2',
      async () => {
        most = Math.max(most, ++waiting)
        await new Promise(resolve => setImmediate(resolve))
        waiting--
      },
      { times: 'keep' },
    )
    expect((await produce(['--size', '10', '--count', '50', '--concurrency', '3'])).code).toBe(0)
    expect(most).toBe(3)
  })

  it('delivers later with a delay level', async () => {
    const sent = emulator.received('SEND_MESSAGE_V2', ({ header }) => /DELAY\u00011\b/.test(header.properties ?? ''))
    expect((await produce(['--body', 'x', '--delay-level', '1'])).code).toBe(0)
    await sent
  })

  it('prints readable results and a table of queues', async () => {
    const { lines } = await produce(['--body', 'x'])
    expect(lines[0]).toMatch(/^SEND_OK {2}broker-a\/\d at 0 {2}[0-9A-F]{32}$/)
    expect(lines.join('\n')).toMatch(/│ broker-a\/\d │ +1 │ +0 │ +0 │/)
    expect(lines.at(-1)).toMatch(/^1 sent, 0 failed in [\d.]+ s \([\d.]+ per second\)$/)
  })

  it('goes on after a message that is not sent, says why, and ends with 1', async () => {
    emulator.control('SEND_MESSAGE_V2', () => ({ code: 'MESSAGE_ILLEGAL', remark: 'not this one' }))
    const { code, lines } = await produce(['--body', 'x', '--count', '2', '--concurrency', '1', '--json'])
    const { items, summary } = jsonLines(lines)
    expect(code).toBe(1)
    expect(items[0]).toMatchObject({ error: { code: 'BROKER_ERROR', responseCode: 'MESSAGE_ILLEGAL' } })
    expect(items[1]).toMatchObject({ sendStatus: 'SEND_OK' })
    expect(summary).toMatchObject({ sent: 1, failed: 1 })
  })

  it('ends with 1 and names the address where no name server can be reached', async () => {
    const { code, lines, errors } = await runCli(['produce', TOPIC, '--namesrv', '127.0.0.1:1', '--body', 'x'])
    expect({ code, lines }).toEqual({ code: 1, lines: [] })
    expect(errors).toMatch(/^rocketwire: NO_NAME_SERVER: .*127\.0\.0\.1:1.*ECONNREFUSED/)
  })

  it.each([
    ['no name server can be reached', ['--namesrv', '127.0.0.1:1', '--body', 'x'], 1, 'NO_NAME_SERVER'],
    ['the file cannot be read', ['--file', '/does/not/exist'], 2, 'INVALID_ARGUMENT'],
  ])('prints the error and the summary as JSON lines where %s', async (_, args, exitCode, error) => {
    const { code, lines } = await produce([...args, '--json'])
    const { items, summary } = jsonLines(lines)
    expect(code).toBe(exitCode)
    expect(items).toEqual([{ error: expect.objectContaining({ code: error }) }])
    expect(summary).toEqual({ sent: 0, failed: 0, seconds: expect.any(Number), perSecond: 0 })
  })

  it.each([
    ['no name server', ['produce', TOPIC, '--body', 'x'], /--namesrv <addresses>' not specified/],
    ['an empty body', ['produce', TOPIC, '--namesrv', 'a:1', '--body', ''], /INVALID_MESSAGE.*the body is empty/],
    ['a body that is too large', ['produce', TOPIC, '--namesrv', 'a:1', '--size', '5000000'], /INVALID_MESSAGE/],
    ['no topic', ['produce', '--namesrv', 'a:1'], /missing required argument 'topic'/],
    ['two bodies', ['produce', TOPIC, '--namesrv', 'a:1', '--body', 'x', '--file', 'y'], /cannot be used with/],
    ['a wrong topic', ['produce', 'a b', '--namesrv', 'a:1', '--body', 'x'], /INVALID_TOPIC/],
    ['a reserved property', ['produce', TOPIC, '--namesrv', 'a:1', '--property', 'TAGS=x'], /INVALID_MESSAGE/],
    ['a property without value', ['produce', TOPIC, '--namesrv', 'a:1', '--property', 'x'], /Give name=value/],
    ['an unknown mode', ['produce', TOPIC, '--namesrv', 'a:1', '--mode', 'x'], /choices are send, async, oneway/],
    ['a count of 0', ['produce', TOPIC, '--namesrv', 'a:1', '--count', '0'], /whole number from 1 up/],
    [
      'a delayed batch',
      ['produce', TOPIC, '--namesrv', 'a:1', '--mode', 'batch', '--delay-level', '1'],
      /--mode batch/,
    ],
    ['an unknown option', ['produce', TOPIC, '--namesrv', 'a:1', '--bogus'], /unknown option '--bogus'/],
  ])('ends with 2 and says so for %s', async (_, args, says) => {
    const { code, lines, errors } = await runCli(args)
    expect({ code, lines }).toEqual({ code: 2, lines: [] })
    expect(errors).toMatch(says)
  })

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('on %s finishes what is under way, prints the summary, and ends with %i', async (signal, exitCode) => {
    const cli = new CliProcess(['produce', TOPIC, '--json'], { env })
    cli.write('a\nb\n')
    await cli.line(/SEND_OK/)
    cli.signal(signal)
    const { code, lines } = await cli.ended
    expect(code).toBe(exitCode)
    expect(jsonLines(lines).summary).toMatchObject({ sent: stored().length, failed: 0 })
  })

  it('stops when nobody reads its output any more', async () => {
    const cli = new CliProcess(['produce', TOPIC, '--json', '--size', '10', '--count', '100000000'], { env })
    await cli.line(/SEND_OK/)
    cli.closeOutput()
    expect((await cli.ended).code).toBe(141)
  })

  const itOnFullDisk = existsSync(FULL_DISK) ? it : it.skip
  itOnFullDisk('stops where its output has no room', async () => {
    const args = ['produce', TOPIC, '--json', '--size', '10', '--count', '100000000']
    const { code, errors } = await runCli(args, { env, output: FULL_DISK })
    expect({ code, errors }).toEqual({ code: 1, errors: expect.stringMatching(/^rocketwire: .*ENOSPC.*\n$/) })
  })
})
