extension IPMINetwork: IPMIConnections {}
