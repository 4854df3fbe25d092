import { createServer } from 'node:net'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { CliProcess, jsonLines, runCli } from '../support/cli-process'

const ADDRESS = /^127\.0\.0\.1:\d+$/

async function ended(cli: CliProcess, signal: 'SIGINT' | 'SIGTERM' = 'SIGINT'): Promise<number | null> {
  cli.signal(signal)
  return (await cli.ended).code
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

describe('rocketwire emulator', () => {
  it('prints its address first, and other commands send and receive there', async () => {
    const cli = new CliProcess(['emulator', '--topic', 'Orders:2', '--topic', 'Bills'])
    const namesrv = await cli.line(ADDRESS)
    expect(cli.lines[0]).toBe(namesrv)
    expect((await runCli(['produce', 'Orders', '--namesrv', namesrv, '--body', 'hi', '--count', '4'])).code).toBe(0)
    const consume = [
      'consume',
      'Orders',
      '--namesrv',
      namesrv,
      '--group',
      'g',
      '--from',
      'first',
      '--count',
      '4',
      '--json',
    ]
    const { items } = jsonLines((await runCli(consume)).lines)
    expect(new Set(items.map(({ queueId }) => queueId))).toEqual(new Set([0, 1]))
    expect(await ended(cli)).toBe(0)
  })

  it('listens on the port that is asked for, and frees it at the end', async () => {
    const port = await freePort()
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      const cli = new CliProcess(['emulator', '--port', String(port)])
      expect(await cli.line(ADDRESS)).toBe(`127.0.0.1:${port}`)
      expect(await ended(cli, signal)).toBe(0)
    }
  })

  it('ends with 2 where the port is taken', async () => {
    const cli = new CliProcess(['emulator'])
    const port = (await cli.line(ADDRESS)).split(':')[1] ?? ''
    const { code, errors } = await runCli(['emulator', '--port', port])
    expect(code).toBe(2)
    expect(errors).toContain(`cannot listen on 127.0.0.1:${port}`)
    await ended(cli)
  })

  it('has as many brokers as are asked for', async () => {
    const cli = new CliProcess(['emulator', '--brokers', '2'])
    await cli.line(/broker-a/)
    await cli.line(/broker-b/)
    expect(await ended(cli)).toBe(0)
  })

  it('behaves as the generation that is asked for', async () => {
    // Brokers of 4.9 add no region to what they store.
    for (const [version, region] of [
      ['4.9', undefined],
      ['5', 'DefaultRegion'],
    ] as const) {
      const cli = new CliProcess(['emulator', '--version-of', version])
      const namesrv = await cli.line(ADDRESS)
      await runCli(['produce', 'T', '--namesrv', namesrv, '--body', 'x'])
      const consume = [
        'consume',
        'T',
        '--namesrv',
        namesrv,
        '--group',
        'g',
        '--from',
        'first',
        '--count',
        '1',
        '--json',
      ]
      const [message] = jsonLines((await runCli(consume)).lines).items
      expect((message?.['properties'] as Record<string, string>)['MSG_REGION']).toBe(region)
      await ended(cli)
    }
  })

  it('refuses sends to unknown topics when told so', async () => {
    const cli = new CliProcess(['emulator', '--no-auto-create'])
    const namesrv = await cli.line(ADDRESS)
    const { code, lines } = await runCli(['produce', 'Unknown', '--namesrv', namesrv, '--body', 'x'])
    expect(code).toBe(1)
    expect(lines.join('\n')).toMatch(/TOPIC_NOT_FOUND/)
    await ended(cli)
  })

  it('starts in production only when told to', async () => {
    const env = { NODE_ENV: 'production' }
    const refused = await runCli(['emulator'], { env })
    expect(refused.code).toBe(1)
    expect(refused.errors).toMatch(/NODE_ENV=production/)
    const cli = new CliProcess(['emulator', '--allow-production'], { env })
    await cli.line(ADDRESS)
    expect(await ended(cli)).toBe(0)
  })

  it.each([
    [['--topic', 'a:b:c'], /NAME:QUEUES/],
    [['--topic', 'a b'], /INVALID_TOPIC/],
    [['--port', '65536'], /from 0 to 65535/],
    [['--brokers', '0'], /from 1 to 64/],
    [['--version-of', '3'], /choices are 4\.9, 5/],
  ])('ends with 2 for %j', async (args, says) => {
    const { code, errors } = await runCli(['emulator', ...args])
    expect(code).toBe(2)
    expect(errors).toMatch(says)
  })
})
