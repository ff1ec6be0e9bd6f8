import { serviceMain } from '../lib/process/service-main.ts';
import { readAdConfig } from './config.ts';
import { startAdService } from './service.ts';

void serviceMain({ name: 'adservice', readConfig: readAdConfig, start: startAdService });
