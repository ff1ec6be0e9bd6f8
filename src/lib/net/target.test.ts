import { parseTarget } from './target.ts';

describe('parseTarget', () => {
  it.each([
    ['cartservice:7070', 'dns:///cartservice:7070'],
    ['cart.shop.svc.cluster.local:7070', 'dns:///cart.shop.svc.cluster.local:7070'],
    ['dns:///cartservice:7070', 'dns:///cartservice:7070'],
    ['127.0.0.1:65535', 'dns:///127.0.0.1:65535'],
    ['[::1]:7070', 'dns:///[::1]:7070'],
    ['ipv4:127.0.0.1:1', 'ipv4:127.0.0.1:1'],
    ['ipv4:10.0.0.1:70,10.0.0.2:71', 'ipv4:10.0.0.1:70,10.0.0.2:71'],
  ])('reads %s as %s', (address, uri) => {
    expect(parseTarget(address)).toEqual({ uri });
  });

  it.each([
    '',
    'cartservice',
    'cartservice:',
    ':7070',
    'cartservice:0',
    'cartservice:65536',
    'cartservice:7070/',
    'http://cartservice:7070',
    'dns://8.8.8.8/cartservice:7070',
    'unix:/tmp/socket',
    'cart service:7070',
    '::1:7070',
    'cartservice:7070\n',
    'ipv4:',
    'ipv4:127.0.0.1',
    'ipv4:127.0.0.1:0',
    'ipv4:300.0.0.1:70',
    'ipv4:127.0.0.1:70,',
    'ipv4:127.0.0.1:70, 127.0.0.2:70',
    'ipv4:cartservice:7070',
  ])('refuses %j', (address) => {
    expect(parseTarget(address)).toBeUndefined();
  });
});
