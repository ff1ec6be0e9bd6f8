import { serviceMain } from '../lib/process/service-main.ts';
import { readCartConfig } from './config.ts';
import { startCartService } from './service.ts';

void serviceMain({ name: 'cartservice', readConfig: readCartConfig, start: startCartService });
