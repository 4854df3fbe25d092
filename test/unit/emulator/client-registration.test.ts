import { connectionOf } from '../../../lib/emulator/client-registration'
import { fakeChannel } from '../../support/fake-channel'

describe('connectionOf', () => {
  it('lists a client with the address that it comes from', () => {
    const channel = fakeChannel('10.0.0.7:50123')
    expect(connectionOf({ channel, clientId: 'c', language: 'NODE_JS', version: 477, renewedAt: 0 })).toEqual({
      clientId: 'c',
      clientAddr: '10.0.0.7:50123',
      language: 'NODE_JS',
      version: 477,
    })
  })

  it('leaves a language out that the broker does not know', () => {
    const channel = fakeChannel()
    const connection = connectionOf({ channel, clientId: 'c', language: undefined, version: 477, renewedAt: 0 })
    expect(connection).not.toHaveProperty('language')
  })
})
