/* The action of naru kibana that makes Tableau's data source. */
#ifndef NARU_CLI_KIBANA_TABLEAU_H
#define NARU_CLI_KIBANA_TABLEAU_H

/* kibana_tableau(argc, argv): argv[0] is its name. Returns the exit code. */
int kibana_tableau(int argc, char **argv);

#endif
