import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { checkedUrl, fetchNameServerList, isAddressServer } from '../../../lib/routing/address-server'
import { deadAddress } from '../../support/loopback'

const { signal: noSignal } = new AbortController()

describe('isAddressServer', () => {
  it.each([
    ['http://host:8080/rocketmq/nsaddr', true],
    ['https://host/nsaddr', true],
    ['host:9876', false],
    ['ftp://host/nsaddr', false],
  ])('of %s is %p', (namesrvAddr, expected) => {
    expect(isAddressServer(namesrvAddr)).toBe(expected)
  })
})

describe('checkedUrl', () => {
  it('gives a URL back', () => {
    expect(checkedUrl('http://host:8080/x')).toBe('http://host:8080/x')
  })

  it.each(['http://', 'http://user:secret@a b', 'https://host:99999'])('refuses %s, and does not repeat it', url => {
    expect(() => checkedUrl(url)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.not.stringContaining('secret') }),
    )
  })
})

describe('fetchNameServerList', () => {
  let server: Server
  let answer: (request: IncomingMessage, response: ServerResponse) => void
  let base: string

  beforeAll(async () => {
    server = createServer((request, response) => answer(request, response)).listen(0, '127.0.0.1')
    await once(server, 'listening')
    base = `127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(async () => {
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
  })

  const fetchFrom = (path = '/nsaddr', signal = noSignal): Promise<string> =>
    fetchNameServerList(`http://${base}${path}`, signal)

  it.each([
    ['10.0.0.1:9876;10.0.0.2:9876', '10.0.0.1:9876;10.0.0.2:9876'],
    ['10.0.0.1:9876\r\n# a comment', '10.0.0.1:9876'],
    ['  10.0.0.1:9876  \n', '10.0.0.1:9876'],
  ])('gives the first line of %j', async (body, expected) => {
    answer = (_request, response) => response.end(body)
    await expect(fetchFrom()).resolves.toBe(expected)
  })

  it('asks for the path and query of the URL', async () => {
    const urls: unknown[] = []
    answer = (request, response) => {
      urls.push(request.url)
      response.end('h:1')
    }
    await fetchFrom('/rocketmq/nsaddr-unit?nofix=1')
    expect(urls).toEqual(['/rocketmq/nsaddr-unit?nofix=1'])
  })

  it('keeps no connection', async () => {
    const headers: unknown[] = []
    answer = (request, response) => {
      headers.push(request.headers.connection)
      response.end('h:1')
    }
    await fetchFrom()
    expect(headers).toEqual(['close'])
  })

  it.each(['', '\n10.0.0.1:9876'])('fails on the empty answer %j', async body => {
    answer = (_request, response) => response.end(body)
    await expect(fetchFrom()).rejects.toMatchObject({
      code: 'NO_NAME_SERVER',
      message: `the address server http://${base}/nsaddr answered an empty list`,
    })
  })

  it.each([301, 404, 500])('fails with the status %i', async status => {
    answer = (_request, response) => response.writeHead(status).end('h:1')
    await expect(fetchFrom()).rejects.toMatchObject({
      code: 'NO_NAME_SERVER',
      message: `the address server http://${base}/nsaddr gave no list of name servers: HTTP status ${status}`,
    })
  })

  it('fails on an answer that does not end, before it fills memory', async () => {
    answer = (_request, response) => {
      response.on('error', () => undefined)
      response.write('h:1;'.repeat(50_000))
    }
    await expect(fetchFrom()).rejects.toThrow('an answer above 65536 bytes')
  })

  it('fails on an answer that is broken off', async () => {
    answer = (_request, response) => {
      response.writeHead(200, { 'content-length': '100' })
      response.write('h:1')
      response.socket?.destroy()
    }
    await expect(fetchFrom()).rejects.toMatchObject({ code: 'NO_NAME_SERVER' })
  })

  it('fails with the reason where nobody listens, and tells no secrets', async () => {
    const address = await deadAddress()
    await expect(
      fetchNameServerList(`http://user:secret@${address}/nsaddr?key=secret`, noSignal),
    ).rejects.toMatchObject({
      code: 'NO_NAME_SERVER',
      message: `the address server http://${address}/nsaddr gave no list of name servers: connect ECONNREFUSED ${address}`,
      cause: { code: 'ECONNREFUSED' },
    })
  })

  it('stops waiting with the reason of an abort', async () => {
    const abort = new AbortController()
    answer = () => abort.abort(new Error('no answer within 3000 ms'))
    await expect(fetchFrom('/nsaddr', abort.signal)).rejects.toMatchObject({
      code: 'NO_NAME_SERVER',
      message: `the address server http://${base}/nsaddr gave no list of name servers: no answer within 3000 ms`,
    })
  })
})
