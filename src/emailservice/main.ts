import { serviceMain } from '../lib/process/service-main.ts';
import { readEmailConfig } from './config.ts';
import { startEmailService } from './service.ts';

void serviceMain({ name: 'emailservice', readConfig: readEmailConfig, start: startEmailService });
