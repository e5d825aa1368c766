module mesh.lockstep/mesh/empty

go 1.26.0
